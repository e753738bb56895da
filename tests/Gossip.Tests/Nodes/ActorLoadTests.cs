using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>Do many actors and readers run in one process, and can a bad one stop gossip?</summary>
[Trait("Row", "G1")]
public sealed class ActorLoadTests
{
    private const int Topics = 100;
    private const int ActorsPerTopic = 10;
    private const int PayloadsPerTopic = 10;
    private const int Payloads = 100;

    private static readonly CancellationToken Go = CancellationToken.None;
    private readonly MemoryNetwork _network = new();

    [Fact]
    [Row("A12")]
    public async Task Ten_actors_on_each_of_a_hundred_topics_get_every_entry_once()
    {
        await using var cluster = new Cluster(_network);
        var topics = Enumerable.Range(0, Topics).Select(i => new TopicName($"topic-{i}")).ToArray();
        var a = await cluster.StartAsync("a", o => o with { Topics = [.. topics] });
        var b = await cluster.StartAsync("b", o => o with { Topics = [.. topics] }, a);
        var given = new ConcurrentDictionary<(TopicName, int), ConcurrentQueue<string>>();
        foreach (var (topic, i) in topics.SelectMany(
            topic => Enumerable.Range(0, ActorsPerTopic).Select(i => (topic, i))))
        {
            var calls = given[(topic, i)] = new();
            await b.AttachAsync(topic, $"actor-{i}", () => new Listener(calls), Go);
        }

        await Task.WhenAll(topics.SelectMany(topic => Enumerable.Range(0, PayloadsPerTopic).Select(
            i => (i % 2 == 0 ? a : b).PublishAsync(topic, Bytes($"{topic}/{i}"), Go))));
        await Cluster.UntilAsync(
            () => Task.FromResult(given.Values.All(calls => calls.Count >= PayloadsPerTopic)
                && b.Actors().All(s => s.Lag == 0)),
            () => $"{given.Values.Sum(calls => calls.Count)} payloads given");

        Assert.Equal(Topics * ActorsPerTopic, b.Actors().Length);
        foreach (var topic in topics)
        {
            var all = await ReadAsync(b, topic);
            Assert.Equal(
                Enumerable.Range(0, PayloadsPerTopic).Select(i => $"{topic}/{i}"), all.Order());
            Assert.All(
                Enumerable.Range(0, ActorsPerTopic), i => Assert.Equal(all, given[(topic, i)]));
        }
    }

    [Fact]
    [Row("A12")]
    public async Task Actors_that_hang_block_or_throw_change_nothing_for_others_and_for_gossip()
    {
        using var released = new ManualResetEventSlim();
        await using (var cluster = new Cluster())
        {
            var a = await cluster.StartAsync("a", null);
            var b = await cluster.StartAsync("b", StopsQuickly, a);
            var never = new TaskCompletionSource();
            var well = new ConcurrentQueue<string>();
            await AttachAsync(b, "hangs", () => never.Task);
            await AttachAsync(b, "blocks", () =>
            {
                released.Wait();
                return Task.CompletedTask;
            });
            await AttachAsync(b, "throws", () => throw new InvalidOperationException("always"));
            await b.AttachAsync(Cluster.Topic, "well", () => new Listener(well), Go);

            await PublishAsync(a, b);
            await Cluster.ConvergeAsync(Payloads, a, b);
            var all = await ReadAsync(b, Cluster.Topic);
            await Cluster.UntilAsync(
                () => Task.FromResult(well.Count == all.Count
                    && Of(b, "throws").State == TopicActorState.Parked),
                () => $"{well.Count} of {all.Count}, {Of(b, "throws")}");

            Assert.Equal(all, well);
            Assert.Equal(Payloads, all.Distinct().Count());
            Assert.Equal((1L, 3), (Of(b, "throws").ParkedAt, Of(b, "throws").Failures));
            Assert.All(
                new[] { "hangs", "blocks" },
                name => Assert.Equal((TopicActorState.Running, 0L), StandOf(b, name)));
            Assert.True(Assert.Single(await a.SyncAsync(b.Did, Go)).IsEqual);
            Assert.Equal(0, b.Status().Counters["restarts"]);

            // The node does not wait for them for ever either.
            await cluster.StopAsync(b);
        }

        released.Set();
    }

    [Fact]
    [Row("F4")]
    public async Task Subscribers_that_do_not_read_delay_nobody_and_miss_nothing()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(a, "first");
        var idle = new List<IAsyncEnumerator<DeliveredEntry>>();
        for (var i = 0; i < Payloads; i++)
        {
            var reader = b.SubscribeAsync(Cluster.Topic, 0, Go).GetAsyncEnumerator(Go);
            idle.Add(reader);
            Assert.True(await reader.MoveNextAsync());
        }

        await PublishAsync(a, b);
        await Cluster.ConvergeAsync(Payloads + 1, a, b);
        var all = await ReadAsync(b, Cluster.Topic);
        Assert.Equal(all, await TakeAsync(b.SubscribeAsync(Cluster.Topic, 0, Go), all.Count));

        // Whoever did not read for so long goes on where it stood.
        foreach (var reader in idle)
        {
            var late = new List<string>(TextsOf(reader.Current));
            while (late.Count < all.Count && await reader.MoveNextAsync())
            {
                late.AddRange(TextsOf(reader.Current));
            }

            Assert.Equal(all, late);
            await reader.DisposeAsync();
        }
    }

    private static GossipOptions StopsQuickly(GossipOptions options) => options with
    {
        Times = options.Times with { StopTimeout = TimeSpan.FromSeconds(1) },
    };

    private static Task AttachAsync(GossipNode node, string name, Func<Task> onEntry) =>
        node.AttachAsync(Cluster.Topic, name, () => new Nuisance(onEntry), Go);

    private static TopicActorStatus Of(GossipNode node, string name) =>
        node.Actors().Single(s => s.Name == name);

    private static (TopicActorState State, long Position) StandOf(GossipNode node, string name) =>
        (Of(node, name).State, Of(node, name).Position);

    private static async Task PublishAsync(GossipNode a, GossipNode b) => await Task.WhenAll(
        Enumerable.Range(0, Payloads).Select(i =>
            Cluster.PublishAsync(i % 2 == 0 ? a : b, $"{i}")));

    private static async Task<List<string>> ReadAsync(GossipNode node, TopicName topic) =>
        [.. (await node.ReadAsync(topic, 0, 1000, Go)).SelectMany(TextsOf)];

    private static async Task<List<string>> TakeAsync(
        IAsyncEnumerable<DeliveredEntry> entries, int count)
    {
        var texts = new List<string>();
        await foreach (var delivered in entries)
        {
            texts.AddRange(TextsOf(delivered));
            if (texts.Count >= count)
            {
                break;
            }
        }

        return texts;
    }

    private static ImmutableArray<Payload> Bytes(string text) =>
        [new Payload(Encoding.UTF8.GetBytes(text))];

    private static IEnumerable<string> TextsOf(DeliveredEntry delivered) =>
        delivered.Payloads.Select(p => Encoding.UTF8.GetString(p.Data.Span));

    /// <summary>Notes what it is given.</summary>
    private sealed class Listener(ConcurrentQueue<string> calls) : TopicActor
    {
        public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop)
        {
            foreach (var text in TextsOf(entry))
            {
                calls.Enqueue(text);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Never gets anywhere, and does not listen when it is told to stop.</summary>
    private sealed class Nuisance(Func<Task> onEntry) : TopicActor
    {
        public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop) =>
            onEntry();
    }
}
