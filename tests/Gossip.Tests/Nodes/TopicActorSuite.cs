using System.Collections.Concurrent;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Hostile;

namespace Gossip.Tests.Nodes;

/// <summary>Does a topic actor get every entry once, and is its trouble its own?</summary>
[Trait("Row", "G1")]
public abstract class TopicActorSuite
{
    private static readonly CancellationToken Go = CancellationToken.None;

    private protected abstract Cluster NewCluster();

    [Fact]
    [Row("A12")]
    public async Task It_is_given_every_entry_once_and_a_restart_replays_the_recorded_order()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var seen = await AttachAsync(b, "sum");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Cluster.PublishAsync(i % 2 == 0 ? a : b, $"{i}")));
        await Cluster.ConvergeAsync(100, a, b);
        await CaughtUpAsync(b);
        Assert.Equal(await Cluster.ReadAllAsync(b), seen);

        await cluster.StopAsync(b);
        b = await cluster.StartAsync("b", null, a);
        var again = await AttachAsync(b, "sum");
        await CaughtUpAsync(b);
        Assert.Equal(seen, again);
    }

    [Fact]
    public async Task What_it_throws_restarts_it_alone_and_the_third_time_parks_it()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        var other = await AttachAsync(node, "other");
        var calls = new ConcurrentQueue<string>();
        await node.AttachAsync(Cluster.Topic, "picky", () => new Scribe(calls)
        {
            OnPayload = text => text == "poison" ? throw new FormatException("no!") : "",
        }, Go);
        await PublishAsync(node, "one", "poison", "two");
        await ParkedAsync(node, "picky");
        var status = node.Actors().Single(s => s.Name == "picky");
        Assert.Equal((1L, 2L, 3), (status.Position, status.Lag, status.Failures));
        Assert.Equal(2, status.ParkedAt);
        Assert.Equal("FormatException: no!", status.LastError);
        Assert.Equal(["one", "poison", "one", "poison", "one", "poison"], calls);
        await CaughtUpAsync(node, "other");
        Assert.Equal(["one", "poison", "two"], other);
        Assert.Equal(0, node.Status().Counters["restarts"]);

        calls.Clear();
        await node.ResumeActorAsync(Cluster.Topic, "picky", skip: false, Go);
        await ParkedAsync(node, "picky");
        Assert.Equal(3, calls.Count(text => text == "poison"));
        await node.ResumeActorAsync(Cluster.Topic, "picky", skip: true, Go);
        await CaughtUpAsync(node, "picky");
        Assert.Equal(2L, Assert.Single(node.Actors().Single(s => s.Name == "picky").Skipped));

        // What was skipped stays skipped in later lives.
        await cluster.StopAsync(node);
        node = await cluster.StartAsync("a", null);
        var replayed = await AttachAsync(node, "picky");
        await CaughtUpAsync(node);
        Assert.Equal(["one", "two"], replayed);
    }

    [Fact]
    public async Task What_it_publishes_is_published_once_however_often_it_is_replayed()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        await PublishAsync(node, "1", "2", "3");
        for (var life = 0; life < 3; life++)
        {
            await AttachAsync(node, "echo", Echo);
            await CaughtUpAsync(node);
            await Cluster.ConvergeAsync(9, node);
            await cluster.StopAsync(node);
            node = await cluster.StartAsync("a", null);
        }

        Assert.Equal(
            ["1", "2", "3", "re: 1", "re: 1!", "re: 2", "re: 2!", "re: 3", "re: 3!"],
            (await Cluster.ReadAllAsync(node)).Order(StringComparer.Ordinal));

        static string Echo(string text) =>
            text.StartsWith("re:", StringComparison.Ordinal) ? "" : $"re: {text}";
    }

    [Fact]
    public async Task A_snapshot_spares_the_replay_of_what_came_before_it()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", Often);
        var calls = new ConcurrentQueue<string>();
        await node.AttachAsync(
            Cluster.Topic, "count", () => new Scribe(calls, hasState: true), Go);
        await PublishAsync(node, "1", "2", "3");
        await CaughtUpAsync(node);
        await cluster.StopAsync(node);

        node = await cluster.StartAsync("a", Often);
        calls.Clear();
        Scribe? scribe = null;
        await PublishAsync(node, "4");
        await node.AttachAsync(
            Cluster.Topic, "count", () => scribe = new Scribe(calls, hasState: true), Go);
        await CaughtUpAsync(node);
        Assert.Equal(["4"], calls);
        Assert.Equal("1,2,3,4", scribe!.State);

        static GossipOptions Often(GossipOptions o) =>
            o with { Sizes = o.Sizes with { ActorSnapshotEvery = 2 } };
    }

    [Fact]
    [Row("G5")]
    public async Task A_closure_is_told_and_what_it_takes_back_was_never_seen()
    {
        await using var siege = await Siege.BeginAsync(
            o => o with { Sizes = o.Sizes with { ActorSnapshotEvery = 1 } });
        var node = siege.Target;
        await using var peer = await HostilePeer.MeetAsync(node);
        var forge = new Forge(peer.Keys);
        var chain = forge.Chain(4);
        await peer.PushAsync(chain);
        await Siege.HoldsAsync(node, chain[3].Id);
        Scribe? scribe = null;
        await node.AttachAsync(
            Cluster.Topic, "state", () => scribe = new Scribe([], hasState: true), Go);
        await CaughtUpAsync(node);
        Assert.Contains("entry 4", scribe!.State, StringComparison.Ordinal);

        await peer.PushAsync(forge.Next(chain[1], "another history"));
        await Cluster.UntilAsync(
            () => Task.FromResult(scribe.Closures.SingleOrDefault()?.Slot == 3
                && scribe.State == string.Join(',', Cluster.ReadAllAsync(node).Result)),
            () => $"{scribe.State} {scribe.Closures.Count}");
        Assert.DoesNotContain("entry 3", scribe.State, StringComparison.Ordinal);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task What_its_publish_refused_is_not_published()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        await node.AttachAsync(Cluster.Topic, "greedy", () => new Greedy(), Go);
        await PublishAsync(node, "go");
        await Cluster.ConvergeAsync(2, node);
        Assert.Equal(["go", "fits"], await Cluster.ReadAllAsync(node));
        Assert.Equal(0, node.Status().Counters["restarts"]);
    }

    [Fact]
    public async Task An_actor_that_cannot_be_made_is_parked_and_has_nothing_to_skip()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        await node.AttachAsync(
            Cluster.Topic, "stillborn", () => throw new InvalidOperationException("no"), Go);
        await ParkedAsync(node, "stillborn");
        await RefusedAsync("actor-nothing-to-skip", () => node.ResumeActorAsync(
            Cluster.Topic, "stillborn", skip: true, Go));
        await node.ResumeActorAsync(Cluster.Topic, "stillborn", skip: false, Go);
        await ParkedAsync(node, "stillborn");
    }

    [Fact]
    public async Task A_snapshot_that_it_cannot_read_costs_a_replay_and_nothing_else()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        var calls = new ConcurrentQueue<string>();
        await node.AttachAsync(Cluster.Topic, "old", () => new Scribe(calls, hasState: true), Go);
        await PublishAsync(node, "1", "2");
        await CaughtUpAsync(node);
        await cluster.StopAsync(node);

        node = await cluster.StartAsync("a", null);
        calls.Clear();
        await node.AttachAsync(
            Cluster.Topic, "old", () => new Scribe(calls, hasState: true) { IsNew = true }, Go);
        await CaughtUpAsync(node);
        Assert.Equal(["1", "2"], calls);
    }

    [Fact]
    [Row("F8")]
    public async Task Bad_names_and_questions_are_refused()
    {
        await using var cluster = NewCluster();
        var node = await cluster.StartAsync("a", null);
        await AttachAsync(node, "sum");
        await RefusedAsync("actor-exists", () => AttachAsync(node, "sum"));
        await RefusedAsync("actor-name", () => AttachAsync(node, "no spaces"));
        await RefusedAsync("actor-name", () => AttachAsync(node, new string('x', 65)));
        await RefusedAsync("actor-unknown", () => node.ResumeActorAsync(
            Cluster.Topic, "none", true, Go));
        await RefusedAsync("actor-not-parked", () => node.ResumeActorAsync(
            Cluster.Topic, "sum", true, Go));
    }

    private static async Task RefusedAsync(string code, Func<Task> call) => Assert.Equal(
        code, (await Assert.ThrowsAsync<GossipException>(call)).Code);

    /// <summary>What an actor of this name is given, payload by payload.</summary>
    private static async Task<ConcurrentQueue<string>> AttachAsync(
        GossipNode node, string name, Func<string, string>? onPayload = null)
    {
        var seen = new ConcurrentQueue<string>();
        await node.AttachAsync(
            Cluster.Topic, name, () => new Scribe(seen) { OnPayload = onPayload }, Go);
        return seen;
    }

    private static async Task PublishAsync(GossipNode node, params string[] texts)
    {
        foreach (var text in texts)
        {
            await Cluster.PublishAsync(node, text);
        }
    }

    private static Task CaughtUpAsync(GossipNode node, string? name = null) => Cluster.UntilAsync(
        async () =>
        {
            var last = (await node.ReadAsync(Cluster.Topic, 0, 1000, Go))[^1].Position;
            return node.Actors()
                .Where(s => name is null || s.Name == name)
                .All(s => s.Position == last && s.State == TopicActorState.Running);
        },
        () => string.Join("; ", node.Actors()));

    private static Task ParkedAsync(GossipNode node, string name) => Cluster.UntilAsync(
        () => Task.FromResult(node.Actors().Any(
            s => s.Name == name && s.State == TopicActorState.Parked)),
        () => string.Join("; ", node.Actors()));
}
