using System.Collections.Immutable;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Host.Api;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Host.Node;
using Gossip.Tests.Hostile;
using Gossip.Tests.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>Keys that whole nodes and connections act on, seen from outside.</summary>
internal static class NodeRows
{
    // The test's own, not a place that a configuration would name.
    private static readonly string Folder = Path.Combine(
        Path.GetTempPath(), $"gossip-keys-{Environment.ProcessId}");

    private static readonly string Secret = $"{Folder}.secret";

    public static readonly KeyRow[] All =
    [
        new("network", "other", "other", s => NodeAsync(s, async node =>
            (await HelloAsync(node)).Network)),
        new("advertise", "\"localhost:9\"", "localhost:9", s => NodeAsync(s, node =>
            Task.FromResult(node.Address ?? "nowhere"))),
        new("listen", "null", "nowhere", s => NodeAsync(s, node =>
            Task.FromResult(node.Address is null ? "nowhere" : "somewhere"))),
        new("topics", "[sports, a/b]", "a/b sports", s => NodeAsync(s, async node =>
            string.Join(' ', (await node.TopicsAsync(default)).Select(t => t.Name.Value).Order()))),
        new("key-passphrase-file", $"\"{Secret}\"", "encrypted", async s =>
        {
            var folder = Directory.CreateTempSubdirectory("gossip-keys-").FullName;
            PrivateFile.Write(Secret, "twelve letters, or more\n", replaces: true);
            try
            {
                await NodeAsync(
                    s with { Options = s.Options with { DataDirectory = folder } },
                    _ => Task.FromResult(""));
                var key = await File.ReadAllTextAsync(Path.Combine(folder, KeyFile.Name));
                return key.Contains("ENCRYPTED", StringComparison.Ordinal) ? "encrypted" : "plain";
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
                File.Delete(Secret);
            }
        }),
        new("runtime", "akka", "runtime-missing", async s =>
        {
            var settings = NodeSettings.Of(s);
            try
            {
                await using var node = await Runtimes.StartAsync(
                    settings, new(), NullLoggerFactory.Instance, TimeProvider.System, default);
                return node.Status().Runtime;
            }
            catch (CommandException e)
            {
                return e.Code;
            }
        }),
        new("log-level", "debug", "each dial", s =>
        {
            using var logs = NodeLogs.Create(false, s.LogLevel);
            return logs.CreateLogger("Gossip").IsEnabled(LogLevel.Debug) ? "each dial" : "less";
        }),
        new("data-directory", $"\"{Folder}\"", "on disk", DataDirectoryAsync),
        new("api", "\"127.0.0.2:0\"", "127.0.0.2", s => NodeAsync(s, async node =>
        {
            await using var api = await ApiServer.StartAsync(
                node, NodeSettings.Of(s), NullLoggerFactory.Instance, TimeProvider.System,
                default);
            return new Uri(api.Address).Host;
        })),

        new("times.acks-timeout", "77 ms", "waits 77 ms", s => TimedAsync(s, 77, async node =>
        {
            using var enough = new CancellationTokenSource(
                TimeSpan.FromMilliseconds(500), TimeProvider.System);
            try
            {
                await node.PublishAsync(
                    Cluster.Topic, Payloads(1), new() { Acks = Acks.Peers(1) }, enough.Token);
            }
            catch (Exception e) when (e is AcknowledgementException or OperationCanceledException)
            {
                // Nobody is there to hold it.
            }
        })),
        new("times.stop-timeout", "77 ms", "waits 77 ms", s => TimedAsync(s, 77, node =>
            node.DisposeAsync().AsTask())),
        new("times.write-timeout", "77 ms", "waits 77 ms", async s =>
        {
            var time = new Bench.RecordingTime();
            var (dialer, _) = await ConnectAsync(s, time);
            await dialer.SendAsync([new byte[1]], default);
            return time.Saw(TimeSpan.FromMilliseconds(77)) ? "waits 77 ms" : "waits otherwise";
        }),

        new("sizes.frame-bytes-max", "2 MiB", "sent", async s =>
        {
            var (dialer, other) = await ConnectAsync(s, TimeProvider.System);
            try
            {
                var taken = other.ReceiveAsync(default).AsTask();
                await dialer.SendAsync([new byte[1536 * 1024]], default);
                return (await taken)?.Length == 1536 * 1024 ? "sent" : "cut";
            }
            catch (TransportException)
            {
                return "refused";
            }
        }),
        new("sizes.payload-bytes-max", "1 KiB", "payload-too-large", s => NodeAsync(s, async node =>
        {
            try
            {
                await node.PublishAsync(Cluster.Topic, Payloads(2048), default);
                return "published";
            }
            catch (GossipException e)
            {
                return e.Code;
            }
        })),
        new("sizes.page-entries-max", "3", "3 of 10", PageAsync),
        new("sizes.page-bytes-max", "5 KiB", "4 of 10", PageAsync),
        new("sizes.connections-max", "1", "1 met", s => NodeAsync(s, ConnectionsAsync)),
        new("sizes.handshakes-max", "3", "3 wait", async s =>
        {
            var (network, self) = (new MemoryNetwork(), Bench.Own.Self);
            var transport = new MemoryTransport(
                network, "a:1", self, s.Options.Times, s.Options.Sizes, TimeProvider.System);
            await using var listener = await transport.ListenAsync("a:1", default);
            var count = 0;
            while (count < 1000 && await DialsAsync(transport))
            {
                count++;
            }

            return $"{count} wait";
        }),
        new("sizes.publishes-max", "1", "one by one", s => NodeAsync(s, async node =>
        {
            var calls = Enumerable.Range(0, 200).Select(_ =>
                node.PublishAsync(Cluster.Topic, Payloads(10), default)).ToArray();
            var entries = (await Task.WhenAll(calls)).Select(r => r[0].Entry).Distinct().Count();
            return entries == calls.Length ? "one by one" : "together";
        })),
        new("sizes.events-max", "2", "some are missed", s => NodeAsync(s, async node =>
        {
            await using var watch = node.WatchAsync(default).GetAsyncEnumerator();
            var first = watch.MoveNextAsync();
            for (var i = 0; i < 20; i++)
            {
                await node.PublishAsync(Cluster.Topic, Payloads(1), default);
            }

            var (created, missed) = (0L, 0L);
            for (var has = await first; has && created + missed < 20;
                has = created + missed < 20 && await watch.MoveNextAsync())
            {
                created += watch.Current is NodeEvent.Created ? 1 : 0;
                missed += watch.Current is NodeEvent.Missed(var count) ? count : 0;
            }

            return missed > 0 ? "some are missed" : "all are seen";
        })),
    ];

    private static ImmutableArray<Payload> Payloads(int bytes) => [new(new byte[bytes])];

    private static async Task<string> NodeAsync(
        Settings s, Func<GossipNode, Task<string>> observeAsync)
    {
        await using var node = await GossipNode.StartAsync(
            s.Options, NullLoggerFactory.Instance, TimeProvider.System, default);
        return await observeAsync(node).WaitAsync(GossipProcess.Deadline, TimeProvider.System);
    }

    /// <summary>Whether something that the node does sets a timer of this length.</summary>
    private static async Task<string> TimedAsync(
        Settings s, int milliseconds, Func<GossipNode, Task> doAsync)
    {
        var time = new Bench.RecordingTime();
        await using var node = await GossipNode.StartAsync(
            s.Options, NullLoggerFactory.Instance, time, default);
        await doAsync(node);
        return time.Saw(TimeSpan.FromMilliseconds(milliseconds))
            ? $"waits {milliseconds} ms"
            : "waits otherwise";
    }

    private static async Task<GossipMessage.Hello> HelloAsync(GossipNode node)
    {
        await using var peer = await HostilePeer.ConnectAsync(node);
        peer.Listen();
        return await peer.HearAsync<GossipMessage.Hello>();
    }

    private static async Task<string> DataDirectoryAsync(Settings s)
    {
        try
        {
            await NodeAsync(s, async node =>
            {
                await node.PublishAsync(Cluster.Topic, Payloads(1), default);
                return "";
            });
            return Directory.Exists(Folder) && Directory.GetFiles(Folder).Length > 1
                ? "on disk"
                : "in memory";
        }
        finally
        {
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    /// <summary>How many of ten entries one answer to a pull holds.</summary>
    private static Task<string> PageAsync(Settings s) => NodeAsync(s, async node =>
    {
        var last = default(Receipt)!;
        for (var i = 0; i < 10; i++)
        {
            last = (await node.PublishAsync(Cluster.Topic, Payloads(1024), default))[0];
        }

        await using var peer = await HostilePeer.MeetAsync(node);
        await peer.SayAsync(new GossipMessage.PullRequest(HostilePeer.Topic, 1,
            [Want.EntriesOf(last.Dot.Log, IntervalSet.UpTo(10))]));
        var page = await peer.HearAsync<GossipMessage.PullResponse>();
        return $"{page.Entries.Length} of 10";
    });

    /// <summary>How many of two peers get a hello.</summary>
    private static async Task<string> ConnectionsAsync(GossipNode node)
    {
        var met = 0;
        await using var first = await HostilePeer.MeetAsync(node);
        await using var second = await HostilePeer.ConnectAsync(node);
        second.Listen();
        await Cluster.UntilAsync(
            () => Task.FromResult(second.IsEnded || second.Names is not null),
            () => "neither a hello nor an end");
        met += first.Names is not null ? 1 : 0;
        met += second.Names is not null ? 1 : 0;
        return $"{met} met";
    }

    private static async Task<(IConnection Dialer, IConnection Other)> ConnectAsync(
        Settings s, TimeProvider time)
    {
        var transport = new MemoryTransport(
            new(), "a:1", Bench.Own.Self, s.Options.Times, s.Options.Sizes, time);
        var listener = await transport.ListenAsync("a:1", default);
        var dialer = await transport.DialAsync("a:1", default);
        return (dialer, await listener.AcceptAsync(default));
    }

    private static async Task<bool> DialsAsync(MemoryTransport transport)
    {
        try
        {
            await transport.DialAsync("a:1", default);
            return true;
        }
        catch (TransportException)
        {
            return false;
        }
    }
}
