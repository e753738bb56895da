using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>Does a watcher hear everything once, and can it hold up nobody?</summary>
[Trait("Row", "F4")]
public sealed class EventTests
{
    private readonly MemoryNetwork _network = new();

    [Fact]
    public async Task Entries_peers_and_exchanges_are_told_once_each()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", null);
        var watch = Watch.Begin(a);
        var b = await cluster.StartAsync("b", null, a);
        var mine = await Cluster.PublishAsync(a, "mine");
        var theirs = await Cluster.PublishAsync(b, "theirs");
        await Cluster.ConvergeAsync(2, a, b);
        await a.SyncAsync(b.Did, CancellationToken.None);
        await cluster.StopAsync(b);
        var seen = await watch.UntilAsync(e => e is NodeEvent.PeerRemoved);

        Assert.Equal(mine[0].Entry, Assert.Single(seen.OfType<NodeEvent.Created>()).Entry);
        Assert.Equal(theirs[0].Entry, Assert.Single(seen.OfType<NodeEvent.Received>()).Entry);
        Assert.Equal(b.Did, Assert.Single(seen.OfType<NodeEvent.PeerAdded>()).Peer);
        Assert.Equal(b.Did, Assert.Single(seen.OfType<NodeEvent.PeerRemoved>()).Peer);
        Assert.Contains(seen.OfType<NodeEvent.Exchanged>(), e => e.Result.IsEqual);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_misses_events_and_is_told_how_many()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync(
            "a", o => o with { Sizes = o.Sizes with { EventsMax = 8 } });
        var watch = node.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        var first = watch.MoveNextAsync();
        for (var i = 0; i < 100; i++)
        {
            await Cluster.PublishAsync(node, $"{i}");
        }

        long created = 0, missed = 0;
        Assert.True(await first);
        do
        {
            created += watch.Current is NodeEvent.Created ? 1 : 0;
            missed += watch.Current is NodeEvent.Missed(var events) ? events : 0;
        }
        while (created + missed < 100 && await watch.MoveNextAsync());
        Assert.Equal(100, created + missed);
        Assert.InRange(created, 1, 10);
        await watch.DisposeAsync();
    }

    [Fact]
    [Row("F9")]
    public async Task A_partition_is_suspected_after_silence_and_healed_only_by_an_equal_round()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", Impatient);
        var b = await cluster.StartAsync("b", Impatient, a);
        await Cluster.PublishAsync(a, "shared");
        await Cluster.ConvergeAsync(1, a, b);
        var watch = Watch.Begin(a);
        _network.Cut("a", "b");
        await Cluster.PublishAsync(b, "apart");
        var seen = await watch.UntilAsync(e => e is NodeEvent.PartitionSuspected);
        Assert.Equal(b.Did, seen.OfType<NodeEvent.PartitionSuspected>().Single().Peer);
        Assert.Equal(b.Did.ToString(), Assert.Single(a.Status().Partitions).Did);

        _network.Heal("a", "b");
        seen = await watch.UntilAsync(e => e is NodeEvent.PartitionHealed);
        Assert.Equal(b.Did, seen.OfType<NodeEvent.PartitionHealed>().Single().Peer);
        var lastRound = seen.FindLastIndex(e => e is NodeEvent.Exchanged { Result.IsEqual: true });
        Assert.Equal(seen.Count - 2, lastRound);
        Assert.Equal(2, (await Cluster.ReadAllAsync(a)).Count);
        Assert.Empty(a.Status().Partitions);

        static GossipOptions Impatient(GossipOptions options) => options with
        {
            Times = options.Times with { PartitionThreshold = TimeSpan.FromMilliseconds(300) },
        };
    }

    [Fact]
    [Row("F9")]
    public async Task Who_stops_in_order_is_not_suspected()
    {
        await using var cluster = new Cluster(_network);
        var a = await cluster.StartAsync("a", o => o with
        {
            Times = o.Times with { PartitionThreshold = TimeSpan.FromMilliseconds(1) },
        });
        var watch = Watch.Begin(a);
        var b = await cluster.StartAsync("b", null, a);
        var c = await cluster.StartAsync("c", null, a);
        await Cluster.PublishAsync(a, "shared");
        await Cluster.ConvergeAsync(1, a, b, c);
        await cluster.StopAsync(b);
        _network.Cut("a", "c");
        var seen = await watch.UntilAsync(e => e is NodeEvent.PartitionSuspected);
        Assert.Equal(c.Did, seen.OfType<NodeEvent.PartitionSuspected>().Single().Peer);
    }

    /// <summary>Everything that happens from now on.</summary>
    private sealed class Watch
    {
        private readonly List<NodeEvent> _seen = [];
        private IAsyncEnumerator<NodeEvent> _events = null!;
        private Task<bool> _next = Task.FromResult(false);

        public static Watch Begin(GossipNode node)
        {
            var deadline = new CancellationTokenSource(
                TimeSpan.FromSeconds(30), TimeProvider.System);
            var watch = new Watch
            {
                _events = node.WatchAsync(deadline.Token).GetAsyncEnumerator(deadline.Token),
            };
            watch._next = watch._events.MoveNextAsync().AsTask();
            return watch;
        }

        public async Task<List<NodeEvent>> UntilAsync(Func<NodeEvent, bool> isLast)
        {
            do
            {
                Assert.True(await _next);
                _seen.Add(_events.Current);
                _next = _events.MoveNextAsync().AsTask();
            }
            while (!isLast(_seen[^1]));
            return _seen;
        }
    }
}
