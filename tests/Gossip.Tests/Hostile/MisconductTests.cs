using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Wire;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>Who misbehaves on a real connection: what becomes of it, and of the others?</summary>
[Row("D13")]
public sealed class MisconductTests
{
    private static readonly CancellationToken Go = CancellationToken.None;

    [Fact]
    public async Task A_wrong_signature_of_its_own_bans_and_a_new_connection_is_sent_away()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        await peer.PushAsync(Unsigned(forge.First()));
        Assert.Equal(GoodbyeCode.Banned, await peer.EndAsync());
        var held = Of(siege.Target, peer.Keys);
        Assert.Equal(Standing.Banned, held.Standing);
        Assert.Equal(Misconduct.SignatureWrong, Assert.Single(held.Reasons).Kind);
        Assert.Contains("#1", held.Reasons[0].Evidence, StringComparison.Ordinal);

        // All it has to say is in its first flight; none of it is handled.
        await using var again = await HostilePeer.ConnectAsync(siege.Target, peer.Keys);
        await again.TrySendAsync(MessageCodec.Encode(again.Hello(), null));
        again.Listen();
        Assert.Equal(GoodbyeCode.Banned, await again.EndAsync());
        Assert.DoesNotContain(again.Heard, m => m is GossipMessage.Hello);
        Assert.Equal(1, siege.Counter("refused.peer-banned"));
        Assert.Equal(1, siege.Counter("peers-banned"));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_relay_of_an_entry_that_another_did_not_sign_is_not_blamed()
    {
        await using var siege = await Siege.BeginAsync();
        await using var relay = await HostilePeer.MeetAsync(siege.Target);
        await using var author = await HostilePeer.MeetAsync(siege.Target);
        var entry = new Forge(author.Keys).First();
        for (var i = 0; i < 20; i++)
        {
            await relay.PushAsync(Unsigned(entry));
        }

        await siege.CountedAsync("refused.signature-wrong", 20);
        await relay.PushAsync(entry);
        await Siege.HoldsAsync(siege.Honest, entry.Id);
        await author.FlushAsync();
        foreach (var keys in new[] { relay.Keys, author.Keys })
        {
            Assert.Equal(PeerReputation.Unknown, Of(siege.Target, keys));
        }

        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_fork_closes_the_log_and_bans_nobody()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var forge = new Forge(peer.Keys);
        var first = forge.First();
        await peer.PushAsync(first, forge.Next(first, "one"), forge.Next(first, "other"));
        await siege.CountedAsync("logs-closed", 1);
        await peer.FlushAsync();
        Assert.False(peer.IsEnded);
        Assert.Equal(PeerReputation.Unknown, Of(siege.Target, peer.Keys));
        var closure = Assert.Single((await Cluster.StatusAsync(siege.Target)).Closures);
        Assert.Equal((2, forge.Log), (closure.Slot, closure.Proof.First.Header.Log));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task The_first_broken_frame_quarantines_and_the_third_bans()
    {
        await using var siege = await Siege.BeginAsync();
        var keys = EcKeys.Generate();
        foreach (var standing in new[]
            { Standing.Quarantined, Standing.Quarantined, Standing.Banned })
        {
            await using var peer = await HostilePeer.MeetAsync(siege.Target, keys);
            await peer.TrySendAsync([0xff, 0xff]);
            Assert.Equal(GoodbyeCode.Malformed, await peer.EndAsync());
            await StandsAsync(siege.Target, keys, standing);
        }

        await using var again = await HostilePeer.ConnectAsync(siege.Target, keys);
        again.Listen();
        Assert.Equal(GoodbyeCode.Banned, await again.EndAsync());
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Who_offers_and_does_not_serve_is_asked_no_more_and_can_still_write()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Reputation = new() { QuarantineScore = 3 },
        });
        await using var liar = await HostilePeer.MeetAsync(siege.Target);
        var asked = 0;
        liar.Answer = said =>
        {
            if (said is not GossipMessage.PullRequest pull)
            {
                return null;
            }

            Interlocked.Increment(ref asked);
            return new GossipMessage.PullResponse(HostilePeer.Topic, pull.Request, [], [], []);
        };
        var vain = new Forge(EcKeys.Generate()).Log;
        while (Of(siege.Target, liar.Keys).Standing == Standing.Good)
        {
            await OfferAsync(liar, vain);
            await liar.FlushAsync();
        }

        await siege.GoesOnAsync();
        var before = asked;
        await OfferAsync(liar, vain);
        var entry = new Forge(liar.Keys).First();
        await liar.PushAsync(entry);
        await Siege.HoldsAsync(siege.Honest, entry.Id);
        await siege.GoesOnAsync();
        await liar.FlushAsync();
        Assert.InRange(before, 3, int.MaxValue);
        Assert.Equal(before, asked);
        Assert.False(liar.IsEnded);
        Assert.Equal(Standing.Quarantined, Of(siege.Target, liar.Keys).Standing);
    }

    [Fact]
    public async Task A_pardon_lets_in_again_and_time_does_too()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Reputation = new()
            {
                BanTime = TimeSpan.FromSeconds(1),
                HalfLife = TimeSpan.FromSeconds(1),
                QuarantineScore = 90,
            },
        });
        var keys = EcKeys.Generate();
        await OffendAsync(siege.Target, keys);
        var before = await siege.Target.PardonAsync(keys.Self, Go);
        Assert.Equal(Standing.Banned, before.Standing);
        await StandsAsync(siege.Target, keys, Standing.Good);
        await (await HostilePeer.MeetAsync(siege.Target, keys)).DisposeAsync();

        await OffendAsync(siege.Target, keys);
        await StandsAsync(siege.Target, keys, Standing.Good);
        await (await HostilePeer.MeetAsync(siege.Target, keys)).DisposeAsync();
    }

    [Fact]
    public async Task Bans_and_blocks_outlive_a_restart_and_a_lifted_one_does_not()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("node", null);
        var (banned, pardoned, blocked, lifted) = (
            EcKeys.Generate(), EcKeys.Generate(), EcKeys.Generate(), EcKeys.Generate());
        await OffendAsync(node, banned);
        await OffendAsync(node, pardoned);
        await node.PardonAsync(pardoned.Self, Go);
        await node.BlockAsync(blocked.Self, "spoils the mood", Go);
        await node.BlockAsync(lifted.Self, "a mistake", Go);
        await node.UnblockAsync(lifted.Self, Go);
        await StandsAsync(node, lifted, Standing.Good);
        await cluster.StopAsync(node);

        node = await cluster.StartAsync("node", null);
        Assert.Equal(Standing.Banned, Of(node, banned).Standing);
        Assert.Equal("spoils the mood", Of(node, blocked).Blocked);
        foreach (var keys in new[] { banned, blocked })
        {
            await using var peer = await HostilePeer.ConnectAsync(node, keys);
            peer.Listen();
            Assert.Equal(GoodbyeCode.Banned, await peer.EndAsync());
        }

        foreach (var keys in new[] { pardoned, lifted })
        {
            await (await HostilePeer.MeetAsync(node, keys)).DisposeAsync();
        }
    }

    [Fact]
    public async Task A_blocked_peer_loses_its_link_is_not_dialled_and_comes_back_unblocked()
    {
        await using var cluster = new Cluster();
        var seed = await cluster.StartAsync("seed", null);
        var node = await cluster.StartAsync("node", null, seed);
        await Cluster.PublishAsync(seed, "one");
        await Cluster.ConvergeAsync(1, seed, node);

        await node.BlockAsync(seed.Did, "for a while", Go);
        await Cluster.UntilAsync(
            () => Task.FromResult(node.Peers().Single().State == "waiting"
                && seed.Status().PeersConnected == 0),
            () => $"{node.Peers().Single()}");
        await Cluster.PublishAsync(seed, "two");
        await node.UnblockAsync(seed.Did, Go);
        await Cluster.ConvergeAsync(2, seed, node);
        Assert.Equal(Standing.Good, node.Peers().Single().Reputation.Standing);
    }

    [Fact]
    public async Task A_node_does_not_block_itself_and_keeps_no_long_reasons()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("node", null);
        var self = await Assert.ThrowsAsync<GossipException>(
            () => node.BlockAsync(node.Did, "me", Go));
        Assert.Equal("peer-self", self.Code);
        var reason = await Assert.ThrowsAsync<GossipException>(
            () => node.BlockAsync(EcKeys.Generate().Self, new('x', 201), Go));
        Assert.Equal("block-reason", reason.Code);
        Assert.Empty(node.Peers());
    }

    /// <summary>As its peers see it, a killed process is a cut in the middle of a frame.</summary>
    [Fact]
    [Row("D4")]
    public async Task An_honest_peer_that_dies_twenty_times_is_accepted_at_once_each_time()
    {
        await using var siege = await Siege.BeginAsync();
        var keys = EcKeys.Generate();
        var chain = new Forge(keys).Chain(20);
        foreach (var entry in chain)
        {
            await using var life = await HostilePeer.MeetAsync(siege.Target, keys);
            await life.PushAsync(entry);
            await Siege.HoldsAsync(siege.Target, entry.Id);
        }

        Assert.Equal(PeerReputation.Unknown, Of(siege.Target, keys));
        await siege.GoesOnAsync();
    }

    private static Entry Unsigned(Entry entry) => Forge.Resign(entry, new byte[64]);

    private static PeerReputation Of(GossipNode node, EcKeys keys) => node.Peers()
        .FirstOrDefault(p => p.Did == keys.Self.ToString())?.Reputation ?? PeerReputation.Unknown;

    private static Task StandsAsync(GossipNode node, EcKeys keys, Standing standing) =>
        Cluster.UntilAsync(
            () => Task.FromResult(Of(node, keys).Standing == standing),
            () => $"{keys.Self.Tail} is not {standing}: {Of(node, keys)}");

    private static async Task OffendAsync(GossipNode node, EcKeys keys)
    {
        await using var peer = await HostilePeer.MeetAsync(node, keys);
        await peer.PushAsync(Unsigned(new Forge(keys).First()));
        Assert.Equal(GoodbyeCode.Banned, await peer.EndAsync());
    }

    private static Task OfferAsync(HostilePeer liar, LogId log) => liar.SayAsync(
        new GossipMessage.Heads(
            HostilePeer.Topic, [new Row(log, new(1, 5, IntervalSet.Empty), 1, null, 5)]));
}
