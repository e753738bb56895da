using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;
using Xunit.Abstractions;

namespace Gossip.Tests.Hostile;

/// <summary>
/// What does a node do on a disk that is really full? It says so, serves, and recovers.
/// </summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    [Row("E2")]
    [Row("D4")]
    public async Task A_full_disk_refuses_writes_by_name_and_the_node_recovers_by_itself()
    {
        await using var cluster = new Cluster();
        using var disk = SmallDisk.Mount(cluster.DirectoryOf("small"));
        if (disk is null)
        {
            output.WriteLine("Skipped: mounting a small disk needs root.");
            return;
        }

        var ballast = Path.Combine(cluster.DirectoryOf("small"), "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[4 << 20]);
        var small = await cluster.StartAsync("small", null);
        var peer = await cluster.StartAsync("peer", null, small);
        var acknowledged = await FillAsync(small);
        Assert.NotEmpty(acknowledged);

        Assert.Contains(small.Status().NotReady, r => r.Contains("No room is left"));
        Assert.NotEmpty(await Cluster.ReadAllAsync(small));
        await Siege.HoldsAsync(peer, acknowledged[^1]);
        await Cluster.PublishAsync(peer, new string('x', 100_000));

        File.Delete(ballast);
        await Cluster.UntilAsync(
            async () => await TryPublishAsync(small, "room again") is null, () => "still full");
        await Cluster.UntilAsync(
            () => Task.FromResult(small.Status().NotReady.IsEmpty),
            () => string.Join("; ", small.Status().NotReady));
        var texts = 0;
        await Cluster.UntilAsync(
            async () => (texts = (await Cluster.ReadAllAsync(small)).Count)
                == (await Cluster.ReadAllAsync(peer)).Count
                && (await Cluster.StatusAsync(small)).Root
                    == (await Cluster.StatusAsync(peer)).Root,
            () => $"they differ: {texts}");
        foreach (var entry in acknowledged)
        {
            Assert.True(await Siege.HasAsync(small, entry));
        }

        // What our disk could not take is nothing against who sent it.
        Assert.Equal(PeerReputation.Unknown, small.Peers().Single().Reputation);
        Assert.Equal(Standing.Good, peer.Peers().Single().Reputation.Standing);
        await cluster.StopAsync(small);
    }

    /// <summary>Publishes until the store says that it is full.</summary>
    private static async Task<List<EntryId>> FillAsync(GossipNode node)
    {
        var acknowledged = new List<EntryId>();
        var text = new string('y', 100_000);
        for (var i = 0; i < 200; i++)
        {
            try
            {
                acknowledged.Add((await Cluster.PublishAsync(node, text))[0].Entry);
            }
            catch (GossipException e)
            {
                Assert.Equal("store-full", e.Code);
                return acknowledged;
            }
        }

        throw new InvalidOperationException("20 MB did not fill a disk of 8 MB.");
    }

    private static async Task<string?> TryPublishAsync(GossipNode node, string text)
    {
        try
        {
            await Cluster.PublishAsync(node, text);
            return null;
        }
        catch (GossipException e)
        {
            return e.Code;
        }
    }

    /// <summary>A disk of 8 MB in memory; null when this user may not mount one.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string _path;

        private SmallDisk(string path) => _path = path;

        public static SmallDisk? Mount(string path)
        {
            Directory.CreateDirectory(path);
            return Run("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", path)
                ? new(path)
                : null;
        }

        public void Dispose() => Run("umount", "-l", _path);

        private static bool Run(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(
                    new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
