using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>What does a node say that cannot start? One code, and what to do about it.</summary>
[Row("F8")]
public sealed class StartTroubleTests
{
    [Fact]
    public async Task A_second_node_in_one_directory_is_refused()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        await RefusedAsync(cluster, "a", "directory-in-use", null);
        await Cluster.PublishAsync(node, "the first goes on");
    }

    [Theory]
    [InlineData("garbage", "key-invalid")]
    [InlineData("rsa", "key-invalid")]
    [InlineData("exposed", "key-exposed")]
    public async Task A_wrong_key_file_is_refused_and_left_alone(string what, string code)
    {
        await using var cluster = new Cluster();
        var file = Path.Combine(
            Directory.CreateDirectory(cluster.DirectoryOf("a")).FullName, KeyFile.Name);
        using var rsa = RSA.Create(2048);
        using var keys = EcKeys.Generate();
        var content = what switch
        {
            "garbage" => "not a key at all",
            "rsa" => rsa.ExportPkcs8PrivateKeyPem(),
            _ => keys.ToPem(null),
        };
        await File.WriteAllTextAsync(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, what == "exposed"
                ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead
                : UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var refusal = await RefusedAsync(cluster, "a", code, null);
        Assert.Contains(file, refusal.Message);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("garbage", "store-corrupt")]
    [InlineData("newer", "store-newer")]
    public async Task A_store_that_cannot_be_read_is_refused_and_left_alone(
        string what, string code)
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        await Cluster.PublishAsync(node, "before");
        await cluster.StopAsync(node);
        var file = Path.Combine(cluster.DirectoryOf("a"), SqliteStore.FileName);
        var bytes = await File.ReadAllBytesAsync(file);

        // Bytes 60 to 63 of an SQLite file are the number of its schema.
        var spoilt = what == "garbage"
            ? RandomNumberGenerator.GetBytes(bytes.Length)
            : [.. bytes[..60], 0, 0, 9, 9, .. bytes[64..]];
        await File.WriteAllBytesAsync(file, spoilt);
        var refusal = await RefusedAsync(cluster, "a", code, null);
        Assert.Contains(file, refusal.Message);
        Assert.Equal(spoilt, await File.ReadAllBytesAsync(file));

        await File.WriteAllBytesAsync(file, bytes);
        node = await cluster.StartAsync("a", null);
        Assert.Equal(["before"], await Cluster.ReadAllAsync(node));
    }

    [Fact]
    public async Task Every_invalid_option_is_named_at_once()
    {
        await using var cluster = new Cluster();
        var refusal = await RefusedAsync(cluster, "a", "options-invalid", o => o with
        {
            Network = "",
            Listen = "nowhere",
            Bootstrap = ["host:99999"],
            Times = new() { RoundInterval = TimeSpan.Zero },
            Sizes = new() { FrameBytesMax = 7, MailboxMax = -1 },
        });
        foreach (var named in new[]
        {
            "network:", "'nowhere'", "'host:99999'", "round-interval", "frame-bytes-max",
            "mailbox-max",
        })
        {
            Assert.Contains(named, refusal.Message);
        }
    }

    [Fact]
    public async Task An_address_in_use_is_refused_and_the_directory_is_free_again()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        var refusal = await RefusedAsync(
            cluster, "b", "address-unusable", o => o with { Listen = node.Address });
        Assert.Contains(node.Address!, refusal.Message);
        await cluster.StartAsync("b", null);
    }

    [Fact]
    public async Task What_cannot_be_published_is_refused_by_name()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        var small = new Payload(new byte[1]);
        var large = new Payload(new byte[node.Status().Counters.Count + 256 * 1024]);
        await FailsAsync("payload-too-large", () => Publish(large));
        await FailsAsync("payloads-none", () => Publish());
        await FailsAsync("payloads-too-many", () => Publish(
            [.. Enumerable.Repeat(small, Limits.PayloadsPerEntryMax + 1)]));
        await FailsAsync("topic-unknown", () => node.PublishAsync(
            new("elsewhere"), [small], CancellationToken.None));
        await FailsAsync("topic-unknown", () => node.ReadAsync(
            new("elsewhere"), 0, 1, CancellationToken.None));
        await Publish(small);

        Task Publish(params Payload[] payloads) =>
            node.PublishAsync(Cluster.Topic, [.. payloads], CancellationToken.None);
    }

    private static Task<GossipException> RefusedAsync(
        Cluster cluster, string name, string code, Func<GossipOptions, GossipOptions>? with) =>
        FailsAsync(code, () => cluster.StartAsync(name, with));

    private static async Task<GossipException> FailsAsync(string code, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<GossipException>(act);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}
