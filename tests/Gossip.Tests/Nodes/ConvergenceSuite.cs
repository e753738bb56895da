using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>Over TCP with TLS: the default of every node.</summary>
public sealed class TcpConvergenceTests : ConvergenceSuite
{
    private protected override Cluster NewCluster() => new();
}

/// <summary>Over memory: every message is still encoded and decoded.</summary>
public sealed class MemoryConvergenceTests : ConvergenceSuite
{
    private readonly MemoryNetwork _network = new();

    private protected override Cluster NewCluster() => new(_network);

    [Fact]
    [Row("A7")]
    public async Task A_partition_heals()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(a, "shared");
        await Cluster.ConvergeAsync(1, a, b);

        _network.Cut("a", "b");
        await Cluster.PublishAsync(a, "left");
        await Cluster.PublishAsync(b, "right");
        await Cluster.UntilAsync(
            () => Task.FromResult(a.Status().PeersConnected + b.Status().PeersConnected == 0),
            () => "the cut was not noticed");
        Assert.Equal(2, (await Cluster.ReadAllAsync(a)).Count);
        Assert.Equal(2, (await Cluster.ReadAllAsync(b)).Count);

        _network.Heal("a", "b");
        await Cluster.ConvergeAsync(3, a, b);
    }
}

/// <summary>Do whole nodes end with the same entries, whatever carries their frames?</summary>
public abstract class ConvergenceSuite
{
    private protected abstract Cluster NewCluster();

    [Fact]
    [Row("A6")]
    [Row("C1")]
    public async Task Three_nodes_publish_and_end_with_the_same_entries()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var c = await cluster.StartAsync("c", null, a, b);
        var publishes = new[] { a, b, c }.SelectMany((node, n) =>
            Enumerable.Range(0, 50).Select(i => Cluster.PublishAsync(node, $"{n}-{i}")));
        await Task.WhenAll(publishes);

        await Cluster.ConvergeAsync(150, a, b, c);
        foreach (var node in new[] { a, b, c })
        {
            var texts = await Cluster.ReadAllAsync(node);
            Assert.Equal(150, texts.Distinct().Count());
            Assert.Equal(150, texts.Count);
        }
    }

    [Fact]
    [Row("A9")]
    [Row("E2")]
    public async Task A_stopped_node_comes_back_with_its_log_and_catches_up()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var before = await Cluster.PublishAsync(b, "before");
        await Cluster.ConvergeAsync(1, a, b);
        await cluster.StopAsync(b);
        await Cluster.PublishAsync(a, "meanwhile");

        b = await cluster.StartAsync("b", null, a);
        var after = await Cluster.PublishAsync(b, "after");
        await Cluster.ConvergeAsync(3, a, b);
        Assert.Equal(before[0].Dot.Log, after[0].Dot.Log);
        Assert.Equal(before[0].Dot.Seq + 1, after[0].Dot.Seq);
    }

    [Fact]
    [Row("B3")]
    [Row("C1")]
    public async Task Without_push_rounds_alone_bring_everything()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", o => o with { Push = false });
        var b = await cluster.StartAsync("b", o => o with { Push = false }, a);
        for (var i = 0; i < 20; i++)
        {
            await Cluster.PublishAsync(a, $"a{i}");
            await Cluster.PublishAsync(b, $"b{i}");
        }

        await Cluster.ConvergeAsync(40, a, b);
    }

    [Fact]
    [Row("B1")]
    [Row("C1")]
    public async Task A_push_arrives_long_before_a_round()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", WithoutRounds);
        var b = await cluster.StartAsync("b", WithoutRounds, a);
        await Cluster.UntilAsync(
            async () => (await Cluster.StatusAsync(a)).Lags.Length == 1,
            () => "b did not subscribe");
        await Cluster.PublishAsync(a, "pushed");
        await Cluster.ConvergeAsync(1, a, b);
    }

    [Fact]
    [Row("B8")]
    [Row("C1")]
    public async Task A_backlog_of_many_pages_arrives_whole()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", WithSmallPages);
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[i == 25 ? 200_000 : 1000];
            await a.PublishAsync(Cluster.Topic, [new Payload(bytes)], CancellationToken.None);
        }

        var b = await cluster.StartAsync("b", null, a);
        await Cluster.ConvergeAsync(50, a, b);
    }

    [Fact]
    [Row("B2")]
    [Row("C1")]
    public async Task A_relay_serves_what_an_absent_author_wrote()
    {
        await using var cluster = NewCluster();
        var author = await cluster.StartAsync("author", null);
        var relay = await cluster.StartAsync("relay", null, author);
        var receipts = await Cluster.PublishAsync(author, "from far away");
        await Cluster.ConvergeAsync(1, author, relay);
        await cluster.StopAsync(author);

        var reader = await cluster.StartAsync("reader", null, relay);
        await Cluster.ConvergeAsync(1, relay, reader);
        var entry = await reader.FindAsync(receipts[0].Entry, CancellationToken.None);
        Assert.Equal(author.Did, entry!.Header.Log.Author);
    }

    private static Actors.GossipOptions WithoutRounds(Actors.GossipOptions options) =>
        options with { Times = options.Times with { RoundInterval = TimeSpan.FromHours(1) } };

    private static Actors.GossipOptions WithSmallPages(Actors.GossipOptions options) =>
        options with { Sizes = options.Sizes with { PageEntriesMax = 5, PageBytesMax = 4096 } };
}
