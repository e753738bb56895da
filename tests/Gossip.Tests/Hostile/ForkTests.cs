using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// What does an author with two faces gain? Its log ends, everywhere at one slot.
/// </summary>
[Row("G5")]
[Row("A11")]
public sealed class ForkTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Two_entries_in_one_slot_close_the_log_there_on_every_node(
        bool firstOneFirst, bool isOneNode)
    {
        await using var siege = await Siege.BeginAsync();
        var keys = EcKeys.Generate();
        await using var peer = await HostilePeer.MeetAsync(siege.Target, keys);
        await using var twin = await HostilePeer.MeetAsync(
            isOneNode ? siege.Target : siege.Honest, keys);
        var forge = new Forge(keys);
        var chain = forge.Chain(4);
        var other = forge.Next(chain[1], "another history");
        await peer.PushAsync(chain[0], chain[1]);
        await Siege.HoldsAsync(siege.Honest, chain[1].Id);

        var (one, two) = firstOneFirst
            ? (chain[2..], new[] { other })
            : ([other], chain[2..]);
        await peer.PushAsync(one);
        await twin.PushAsync(two);
        await ClosedAsync(siege.Target, forge.Log, 3);
        await ClosedAsync(siege.Honest, forge.Log, 3);
        await siege.GoesOnAsync();
        var roots = await Task.WhenAll(
            Cluster.StatusAsync(siege.Target), Cluster.StatusAsync(siege.Honest));
        Assert.All(roots, s => Assert.DoesNotContain(
            s.Closures, c => c.Proof.First.Header.Log != forge.Log));
        await peer.PushAsync(forge.Next(chain[3]));
        await siege.CountedAsync("refused.past-closure", 1);
        Assert.Contains("entry 2", await Cluster.ReadAllAsync(siege.Honest));
        Assert.DoesNotContain("entry 4", await Cluster.ReadAllAsync(siege.Honest));
    }

    [Fact]
    public async Task A_branch_that_is_found_late_lowers_the_closure_everywhere()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var chain = forge.Chain(4);
        await peer.PushAsync(chain);
        await peer.PushAsync(forge.Next(chain[2], "fork at four"));
        await ClosedAsync(siege.Honest, forge.Log, 4);
        await peer.PushAsync(forge.Next(chain[0], "fork at two"));
        await ClosedAsync(siege.Target, forge.Log, 2);
        await ClosedAsync(siege.Honest, forge.Log, 2);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Nobody_can_frame_an_honest_author()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var receipt = (await Cluster.PublishAsync(siege.Honest, "mine"))[0];
        await Siege.HoldsAsync(siege.Target, receipt.Entry);
        var honest = (await siege.Target.FindAsync(receipt.Entry, CancellationToken.None))!;
        var forge = new Forge(peer.Keys);
        var forged = Forge.Alter(honest, h => h with { Time = h.Time + 1 });
        var foreign = forge.Sign(honest.Header with { Time = 5 });
        var alone = forge.Chain(2);

        await peer.SayAsync(new GossipMessage.Announcement(HostilePeer.Topic, [forged], [
            new(honest.SignedHeader, forged.SignedHeader),
            new(honest.SignedHeader, foreign),
            new(honest.SignedHeader, honest.SignedHeader),
            new(alone[0].SignedHeader, alone[1].SignedHeader),
            new(honest.SignedHeader, Forge.Respell(honest).SignedHeader),
        ]));
        await siege.CountedAsync("refused.proof-invalid", 5);
        await siege.CountedAsync("refused.signature-wrong", 1);
        await peer.FlushAsync();
        await siege.GoesOnAsync();
        Assert.Empty((await Cluster.StatusAsync(siege.Target)).Closures);
        Assert.Empty((await Cluster.StatusAsync(siege.Honest)).Closures);
    }

    [Fact]
    [Row("D2")]
    public async Task Another_spelling_of_a_signature_is_a_duplicate_and_no_fork()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var chain = forge.Chain(3);
        Assert.True(peer.Keys.Verify(
            peer.Keys.Self, chain[0].Id,
            Forge.Respell(chain[0]).SignedHeader.Signature.Span));
        await peer.PushAsync(chain);
        await Siege.HoldsAsync(siege.Honest, chain[2].Id);
        await peer.PushAsync([.. chain.Select(Forge.Respell)]);
        await siege.CountedAsync("entries-duplicate", 3);
        await siege.GoesOnAsync();
        Assert.Equal(0, siege.Counter("logs-closed"));
        var held = await siege.Target.FindAsync(chain[0].Id, CancellationToken.None);
        Assert.True(held!.SignedHeader.Signature.Span
            .SequenceEqual(chain[0].SignedHeader.Signature.Span));
    }

    [Fact]
    [Row("A10")]
    public async Task A_thousand_copies_from_each_of_five_peers_are_stored_once()
    {
        await using var siege = await Siege.BeginAsync();
        var peers = new List<HostilePeer>();
        for (var i = 0; i < 5; i++)
        {
            peers.Add(await HostilePeer.MeetAsync(siege.Target));
        }

        var forge = new Forge(peers[0].Keys);
        var chain = forge.Chain(2);
        var before = (await Cluster.StatusAsync(siege.Target)).Statistics.Entries;
        await Task.WhenAll(peers.Select(async peer =>
        {
            for (var i = 0; i < 10; i++)
            {
                await peer.PushAsync([.. Enumerable.Repeat(chain[0], 100)]);
            }
        }));
        await siege.CountedAsync("entries-duplicate", 4999);
        Assert.Equal(4999, siege.Counter("entries-duplicate"));
        await Siege.HoldsAsync(siege.Target, chain[0].Id);
        var status = await Cluster.StatusAsync(siege.Target);
        Assert.Equal(before + 1, status.Statistics.Entries);
        Assert.Single(await Cluster.ReadAllAsync(siege.Target), t => t == "first");
        await siege.GoesOnAsync();
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    private static Task ClosedAsync(GossipNode node, LogId log, long slot) =>
        Cluster.UntilAsync(
            async () => (await Cluster.StatusAsync(node)).Closures.Any(c =>
                c.Slot == slot && c.Proof.Slot == slot && c.Proof.First.Header.Log == log),
            () => $"{log} is not closed at {slot}: "
                + string.Join("; ", node.Status().RecentRefusals));
}
