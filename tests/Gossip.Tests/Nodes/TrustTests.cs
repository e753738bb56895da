using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Actors.Trust;

namespace Gossip.Tests.Nodes;

/// <summary>Do attestations travel, and does each node compute the same scores?</summary>
[Row("D10")]
public sealed class TrustTests
{
    private static readonly CancellationToken Go = CancellationToken.None;
    private static readonly Did Subject = EcKeys.Generate().Self;
    private readonly MemoryNetwork _network = new();

    [Fact]
    public async Task What_b_says_changes_the_score_at_a_and_a_withdrawal_takes_it_back()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", WithTrust);
        var b = await cluster.StartAsync("b", WithTrust, a);
        await a.AttestAsync(b.Did, 0.9, "", Go);
        Assert.Equal(0, await ScoreAsync(a));

        var changed = a.Trust.NextChange;
        await b.AttestAsync(Subject, 0.7, "met in person", Go);
        await changed.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await ScoreIsAsync(0.189, a);
        var score = await a.TrustOfAsync(a.Did, Subject, Go);
        Assert.Equal("0.7 × 0 + 0.3 × (0.9 × 0.7) / 1 = 0.189", score.Arithmetic);
        Assert.Equal("met in person", Assert.Single(score.Paths).Second.Note);
        await Cluster.UntilAsync(
            async () => (await b.TrustOfAsync(a.Did, Subject, Go)).Arithmetic == score.Arithmetic,
            () => "b does not see it with the eyes of a");

        await a.AttestAsync(Subject, 1, "", Go);
        Assert.Equal(0.889, await ScoreAsync(a));
        await b.RevokeAttestationAsync(Subject, Go);
        await ScoreIsAsync(0.7, a);
        Assert.Equal(
            [new Ranked(Subject, Score.Of(0.7)), new Ranked(b.Did, Score.Of(0.63))],
            (await a.Trust.ReachingAsync(a.Did, Score.Zero, Go)).ToArray());
    }

    [Fact]
    [Row("D14")]
    public async Task Trust_follows_a_key_to_the_one_that_replaces_it()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", WithTrust);
        var b = await cluster.StartAsync("b", WithTrust, a);
        await a.AttestAsync(b.Did, 0.9, "", Go);
        await b.AttestAsync(Subject, 0.7, "", Go);
        await ScoreIsAsync(0.189, a);

        var rotation = await b.RotateKeyAsync(Go);
        await Cluster.UntilAsync(
            async () => (await a.TrustOfAsync(a.Did, rotation.New, Go)).Score == Score.Of(0.63),
            () => "the new key is not trusted");
        Assert.Equal(Score.Zero, (await a.TrustOfAsync(a.Did, rotation.Old, Go)).Score);
        Assert.Equal(0.189, await ScoreAsync(a));

        await cluster.StopAsync(b);
        b = await cluster.StartAsync("b", WithTrust, a);
        Assert.Equal(rotation.New, b.Did);
        await b.AttestAsync(Subject, 0.5, "", Go);
        await ScoreIsAsync(0.135, a);
    }

    [Fact]
    public async Task The_same_word_again_is_not_published_and_a_restart_remembers_it()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var first = await node.AttestAsync(Subject, 0.5, "so", Go);
        Assert.Equal(first, await node.AttestAsync(Subject, 0.5, "so", Go));
        Assert.NotEqual(first.Entry, (await node.AttestAsync(Subject, 0.6, "so", Go)).Entry);
        Assert.Equal(2, await EntriesAsync(node));

        await cluster.StopAsync(node);
        node = await cluster.StartAsync("a", null);
        Assert.Equal(0.42, await ScoreAsync(node));
        Assert.Equal(1, node.Status().Counters["trust-attestations"] - 1);
    }

    [Fact]
    public async Task Many_words_at_once_all_count()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        Did[] subjects = [.. Enumerable.Range(1, 30).Select(Trust.Say.Who)];
        await Task.WhenAll(subjects.Select(s => node.AttestAsync(s, 1, "", Go)));
        Assert.Equal(30, (await node.Trust.ReachingAsync(node.Did, Score.Of(0.7), Go)).Length);
        Assert.Equal(30, await EntriesAsync(node));
    }

    /// <summary>A log of this topic has 4,096 slots, for everyone alike.</summary>
    [Fact]
    public async Task Whoever_has_filled_a_log_goes_on_in_the_next()
    {
        await using var cluster = new Cluster(_network, onDisk: false);
        var node = await cluster.StartAsync("a", null);
        const int words = (int)SystemTopic.TrustSeqMax + 2;
        for (var i = 1; i <= words; i++)
        {
            await node.AttestAsync(Subject, i / 1e6, "", Go);
        }

        Assert.Equal(
            Weight.OfMillionths(words),
            (await node.TrustOfAsync(node.Did, Subject, Go)).Direct!.Weight);
        var status = (await node.TopicsAsync(Go)).Single(t => t.Name == SystemTopic.Trust);
        Assert.Equal(2, status.Statistics.Logs);
        Assert.True(Assert.Single(status.Closures).Proof.IsEnd);
        Assert.Equal(SystemTopic.TrustSeqMax + 1, status.Closures[0].Slot);
    }

    [Fact]
    public async Task Whoever_watches_is_told_what_changed()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        await using var watch = node.WatchAsync(Go).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        await node.AttestAsync(Subject, 0.5, "", Go);
        await node.RevokeAttestationAsync(Subject, Go);
        var seen = new List<NodeEvent>();
        for (var has = await next; has; has = seen.Count < 2 && await watch.MoveNextAsync())
        {
            seen.AddRange(watch.Current is NodeEvent.Attested ? [watch.Current] : []);
        }

        Assert.Equal(
            [
                new NodeEvent.Attested(node.Did, Subject, Weight.OfMillionths(500_000)),
                new NodeEvent.Attested(node.Did, Subject, Weight.Withdrawn),
            ],
            seen);
    }

    [Fact]
    public async Task What_cannot_be_said_is_refused_with_a_code()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        await RefusedAsync("trust-not-carried", () => ScoreAsync(node));
        await RefusedAsync("attestation-of-self", () => node.AttestAsync(node.Did, 1, "", Go));
        await RefusedAsync("attestation-weight", () => node.AttestAsync(Subject, 0, "", Go));
        await RefusedAsync("attestation-weight", () => node.AttestAsync(Subject, 1.1, "", Go));
        await RefusedAsync(
            "attestation-weight", () => node.AttestAsync(Subject, double.NaN, "", Go));
        await RefusedAsync(
            "attestation-note", () => node.AttestAsync(Subject, 1, new('x', 129), Go));
        await RefusedAsync("attestation-unknown", () => node.RevokeAttestationAsync(Subject, Go));
        await RefusedAsync(
            "topic-reserved", () => node.PublishAsync(SystemTopic.Trust, new byte[1], Go));
        Assert.Equal(0, await EntriesAsync(node));

        var off = await cluster.StartAsync(
            "b", o => o with { Trust = new() { Enabled = TrustMode.Off } });
        await off.JoinAsync(SystemTopic.Trust, Go);
        await RefusedAsync("trust-off", () => off.AttestAsync(Subject, 1, "", Go));
        await RefusedAsync("trust-off", () => ScoreAsync(off));
    }

    [Fact]
    public async Task Whoever_asks_when_the_node_stops_is_told_so()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", WithTrust);
        await cluster.StopAsync(node);
        await RefusedAsync("stopped", () => node.AttestAsync(Subject, 1, "", Go));
    }

    private static GossipOptions WithTrust(GossipOptions options) =>
        options with { Trust = new() { Enabled = TrustMode.On } };

    private static async Task<double> ScoreAsync(GossipNode node) =>
        (await node.TrustOfAsync(node.Did, Subject, Go)).Score.Value;

    private static async Task ScoreIsAsync(double expected, GossipNode node)
    {
        var score = 0.0;
        await Cluster.UntilAsync(
            async () => (score = await ScoreAsync(node)) == expected, () => $"{score}");
    }

    private static async Task<long> EntriesAsync(GossipNode node) =>
        (await node.TopicsAsync(Go)).Single(t => t.Name == SystemTopic.Trust).Statistics.Entries;

    private static async Task RefusedAsync(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<GossipException>(act)).Code);
}
