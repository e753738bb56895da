using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// Does a proof travel by itself, and can nobody make one up? Real keys, real sockets.
/// </summary>
[Row("G5")]
public sealed class ProofTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_proof_alone_closes_the_log_on_nodes_that_hold_no_entry_of_it()
    {
        await using var cluster = new Cluster();
        var first = await cluster.StartAsync("first", null);
        var second = await cluster.StartAsync("second", null, first);
        var third = await cluster.StartAsync("third", null, second);
        await Cluster.PublishAsync(third, "connected");
        await Cluster.ConvergeAsync(1, first, second, third);
        Assert.DoesNotContain(third.Peers(), p => p.Did == first.Did.ToString());

        await using var peer = await HostilePeer.MeetAsync(first);
        var forge = new Forge(peer.Keys);
        var chain = forge.Chain(3);
        var other = forge.Next(chain[1], "another history");
        var watch = Stopwatch.StartNew();
        await peer.SayAsync(new GossipMessage.Announcement(
            HostilePeer.Topic, [], [new(chain[2].SignedHeader, other.SignedHeader)]));
        foreach (var node in new[] { first, second, third })
        {
            await ClosedAsync(node, forge.Log, 3);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Within);
        foreach (var node in new[] { first, second, third })
        {
            Assert.All(chain, e => Assert.False(Siege.HasAsync(node, e.Id).Result));
            var closed = Assert.Single(await node.ClosedLogsAsync(CancellationToken.None));
            Assert.Equal((Cluster.Topic, 0), (closed.Topic, closed.Disputed));
            Assert.Equal((forge.Log, 3), (closed.Log, closed.Slot));
        }
    }

    [Fact]
    public async Task Two_halves_of_a_cluster_close_a_forked_log_and_count_what_that_disputes()
    {
        await using var siege = await Siege.BeginAsync();
        var keys = EcKeys.Generate();
        await using var here = await HostilePeer.MeetAsync(siege.Target, keys);
        var forge = new Forge(keys);
        var chain = forge.Chain(5);
        await here.PushAsync(chain);
        await Siege.HoldsAsync(siege.Honest, chain[4].Id);
        await here.PushAsync(forge.Next(chain[1], "another history"));
        foreach (var node in new[] { siege.Target, siege.Honest })
        {
            await ClosedAsync(node, forge.Log, 3);
            var closed = Assert.Single(await node.ClosedLogsAsync(CancellationToken.None));
            Assert.Equal(3, closed.Disputed);
        }

        await siege.GoesOnAsync();
    }

    /// <summary>
    /// A relay writes the signatures of an honest author another way. Some nodes then hold other
    /// bytes than others, and must not notice: one entry, one id, no proof of anything.
    /// </summary>
    [Fact]
    [Row("D2")]
    public async Task What_a_relay_respells_is_the_same_entry_on_every_node()
    {
        await using var cluster = new Cluster();
        var author = await cluster.StartAsync("author", null);
        var apart = await cluster.StartAsync("apart", null);
        var entries = new List<Entry>();
        for (var i = 1; i <= 3; i++)
        {
            var receipts = await Cluster.PublishAsync(author, $"mine {i}");
            entries.Add((await author.FindAsync(receipts[0].Entry, CancellationToken.None))!);
        }

        await using var relay = await HostilePeer.MeetAsync(apart);
        Entry[] respelled = [.. entries.Select(Forge.Respell)];
        await relay.PushAsync(respelled);
        await Cluster.ConvergeAsync(3, author, apart);
        await relay.SayAsync(new GossipMessage.Announcement(HostilePeer.Topic, [.. entries],
            [.. entries.Zip(respelled, (e, r) => new ForkProof(e.SignedHeader, r.SignedHeader))]));
        await relay.FlushAsync();

        // Who meets both spellings finds nothing to mend.
        var between = await cluster.StartAsync("between", null, author, apart);
        await Cluster.PublishAsync(author, "mine 4");
        await Cluster.PublishAsync(apart, "theirs");
        await Cluster.ConvergeAsync(5, author, apart, between);
        Assert.Equal(3, apart.Status().Counters["refused.proof-invalid"]);
        foreach (var node in new[] { author, apart, between })
        {
            Assert.Empty(await node.ClosedLogsAsync(CancellationToken.None));
            Assert.Equal(0, node.Status().Counters["logs-closed"]);
            Assert.Equal(0, node.Status().Counters["restarts"]);
        }

        // The first spelling that came is kept, and both are the author's.
        var kept = (await apart.FindAsync(entries[0].Id, CancellationToken.None))!.SignedHeader;
        Assert.True(kept.Signature.Span.SequenceEqual(respelled[0].SignedHeader.Signature.Span));
        Assert.True(relay.Keys.Verify(author.Did, kept.Id, kept.Signature.Span));
    }

    private static Task ClosedAsync(GossipNode node, LogId log, long slot) =>
        Cluster.UntilAsync(
            async () => (await node.ClosedLogsAsync(CancellationToken.None)).Any(c =>
                c.Log == log && c.Slot == slot),
            () => $"{log} is not closed at {slot}: "
                + string.Join("; ", node.Status().RecentRefusals));
}
