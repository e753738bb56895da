using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Trust;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>Can somebody who is trusted, and lies, do more than say what it thinks?</summary>
[Row("D10")]
public sealed class TrustAttackTests
{
    private static readonly CancellationToken Go = CancellationToken.None;
    private static readonly TopicId Topic = TopicId.OfPublic(SystemTopic.Trust);
    private static readonly Did Subject = EcKeys.Generate().Self;
    private static readonly Weight Full = Weight.OfMillionths(Weight.One);

    [Fact]
    public async Task What_a_fork_takes_back_counts_no_more()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        await using var peer = await MeetAsync(node);
        var author = new Forge(peer.Keys);
        var other = await node.AttestAsync(peer.Keys.Self, 1, "", Go);
        await SayAsync(peer, Say(author, 1));
        await ScoreIsAsync(0.3, node);

        await SayAsync(peer, Say(author, 0.5));
        await ScoreIsAsync(0, node);
        Assert.Equal(
            other, (await node.TrustOfAsync(node.Did, peer.Keys.Self, Go)).Direct);
    }

    [Fact]
    public async Task What_is_no_attestation_is_counted_and_changes_nothing()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        await using var peer = await MeetAsync(node);
        var author = new Forge(peer.Keys);
        await node.AttestAsync(peer.Keys.Self, 1, "", Go);
        var junk = Write(author, 1, EntryId.None, [7, 7, 7]);
        var vain = Write(author, 2, junk.Id, new Attestation(peer.Keys.Self, Full, "").Encode());
        await SayAsync(peer, junk, vain, Write(author, 3, vain.Id, Word(1)));
        await ScoreIsAsync(0.3, node);
        Assert.Equal(2, node.Status().Counters["refused.attestation-invalid"]);
        Assert.Equal(
            0.7, (await node.TrustOfAsync(node.Did, peer.Keys.Self, Go)).Score.Value);
    }

    [Fact]
    public async Task A_log_that_goes_on_beyond_its_limit_is_refused_there()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        await using var peer = await MeetAsync(node);
        var author = new Forge(peer.Keys);
        await node.AttestAsync(peer.Keys.Self, 1, "", Go);
        var last = Write(author, SystemTopic.TrustSeqMax, new(new Hash(1, 2, 3, 4)), Word(1));
        await SayAsync(peer, last, Write(author, last.Header.Seq + 1, last.Id, Word(1)));
        await Cluster.UntilAsync(
            async () => node.Status().Counters["refused.log-full"] == 1
                && await LastAsync(node, author.Log) == last.Header.Seq,
            () => "the one is not held, or the other not refused");
    }

    private static async Task<long?> LastAsync(GossipNode node, LogId log) =>
        (await node.TopicsAsync(Go)).Single(t => t.Name == SystemTopic.Trust)
            .Rows.FirstOrDefault(row => row.Log == log)?.Holdings.Last;

    private static byte[] Word(double weight)
    {
        Assert.True(Weight.TryOf(weight, out var exact));
        return new Attestation(Subject, exact, "").Encode();
    }

    private static Entry Say(Forge author, double weight) =>
        Write(author, 1, EntryId.None, Word(weight));

    private static Entry Write(Forge author, long seq, EntryId prev, byte[] payload) =>
        author.Write(
            seq, prev, EntryFormat.EncodePayloads([new Payload(payload)]),
            header => header with { Topic = Topic });

    /// <summary>A peer that carries the topic too, once the node does.</summary>
    private static async Task<HostilePeer> MeetAsync(GossipNode node)
    {
        await node.JoinAsync(SystemTopic.Trust, Go);
        var peer = await HostilePeer.MeetAsync(node);
        peer.Names!.Learn(Topic);
        await peer.SayAsync(new GossipMessage.Subscribe(peer.Names.TokenOf(Topic)));
        return peer;
    }

    private static Task SayAsync(HostilePeer peer, params Entry[] entries) =>
        peer.SayAsync(new GossipMessage.Announcement(Topic, [.. entries], []));

    private static async Task ScoreIsAsync(double expected, GossipNode node)
    {
        var score = -1.0;
        await Cluster.UntilAsync(
            async () => (score = (await node.TrustOfAsync(node.Did, Subject, Go)).Score.Value)
                == expected,
            () => $"{score}");
    }
}
