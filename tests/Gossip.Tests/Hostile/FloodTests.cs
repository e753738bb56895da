using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// One identity sends ten times what it may: what is over is dropped, or read later, and counted
/// by its reason; what another peer sends arrives, all of it.
/// </summary>
[Row("D11")]
public sealed class FloodTests
{
    private const int Limit = 50;

    [Fact]
    public async Task Entries_over_the_limit_are_dropped_and_another_peers_arrive()
    {
        await using var siege = await BeginAsync(r => r with { PeerEntries = Limit });
        await using var flooder = await HostilePeer.MeetAsync(siege.Target);
        await using var other = await HostilePeer.MeetAsync(siege.Target);
        var flood = new Forge(flooder.Keys).Chain(10 * Limit);
        var honest = new Forge(other.Keys).Chain(Limit);

        await Task.WhenAll(flooder.PushAsync(flood), other.PushAsync(honest));
        await flooder.FlushAsync();
        await Siege.HoldsAsync(siege.Target, honest[^1].Id);

        Assert.Equal(9 * Limit, siege.Counter("limit-rejected.peer-entries"));
        Assert.Equal(0, siege.Counter("limit-rejected.peer-verifications"));
        await Siege.HoldsAsync(siege.Target, flood[Limit - 1].Id);
        Assert.False(await Siege.HasAsync(siege.Target, flood[Limit].Id));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Another_link_and_another_connection_buy_an_identity_nothing()
    {
        await using var siege = await BeginAsync(r => r with
        {
            PeerEntries = 1,
            Burst = TimeSpan.FromMinutes(1),
        });
        await using var first = await HostilePeer.MeetAsync(siege.Target);
        var flood = new Forge(first.Keys).Chain(70);
        await first.PushAsync(flood[..60]);
        await first.FlushAsync();
        await first.DisposeAsync();
        await using var again = await HostilePeer.MeetAsync(siege.Target, first.Keys);
        await using var beside = await HostilePeer.MeetAsync(siege.Target, first.Keys);
        await again.PushAsync(flood[60..]);
        await beside.PushAsync(flood[60..]);
        await Task.WhenAll(again.FlushAsync(), beside.FlushAsync());

        // One comes back a second, however slow this machine is just now.
        Assert.InRange(siege.Counter("limit-rejected.peer-entries"), 1, 20);
        Assert.False(await Siege.HasAsync(siege.Target, flood[^1].Id));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Signatures_that_nobody_asked_for_have_a_budget_of_all_peers_together()
    {
        await using var siege = await BeginAsync(r => r with { Verifications = Limit });
        await using var one = await HostilePeer.MeetAsync(siege.Target);
        await using var two = await HostilePeer.MeetAsync(siege.Target);
        await one.PushAsync(Forged(one));
        await one.FlushAsync();
        await two.PushAsync(Forged(two));
        await two.FlushAsync();

        var wrong = siege.Counter("refused.signature-wrong");
        Assert.InRange(wrong, Limit, 3 * Limit);
        Assert.Equal(20 * Limit - wrong, siege.Counter("limit-rejected.verifications"));

        // A pull of our own is answered all the same: nothing of it was unasked.
        await siege.GoesOnAsync();
    }

    [Theory]
    [InlineData("peer-frames")]
    [InlineData("peer-bytes")]
    public async Task Frames_and_bytes_over_the_limit_are_read_later_and_nobody_else_waits(
        string limit)
    {
        await using var siege = await BeginAsync(r => r with
        {
            PeerFrames = limit == "peer-frames" ? 200 : r.PeerFrames,
            PeerBytes = limit == "peer-bytes" ? 1 << 20 : r.PeerBytes,
        });
        await using var flooder = await HostilePeer.MeetAsync(siege.Target);
        var frame = limit == "peer-frames"
            ? MessageCodec.Encode(new GossipMessage.Ping(7), null)
            : [0xfa, 0x01, 0x80, 0x80, 0x04, .. new byte[1 << 16]];
        var frames = Enumerable.Repeat(frame, limit == "peer-frames" ? 600 : 48).ToArray();
        var watch = Stopwatch.StartNew();
        var flood = flooder.SendAsync(frames);
        var flushed = flood.ContinueWith(_ => flooder.FlushAsync(), TaskScheduler.Default).Unwrap();
        await siege.GoesOnAsync();
        Assert.False(flushed.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(1));
        await flushed;

        // Three seconds' worth, of which one came at once: nothing is lost, it took its time.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.8), TimeSpan.FromMinutes(1));
        Assert.InRange(siege.Counter($"limit-rejected.{limit}"), 1, frames.Length + 10);
        Assert.False(flooder.IsEnded);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Pulls_over_the_limit_are_not_answered()
    {
        await using var siege = await BeginAsync(
            r => r with { PeerPulls = 1 },
            s => s with { TopicsPerPeerMax = Limit });
        await using var flooder = await HostilePeer.MeetAsync(siege.Target);
        var log = (await Cluster.PublishAsync(siege.Target, "asked for"))[0].Dot.Log;
        await flooder.SayAsync([.. Enumerable.Range(1, 10 * Limit).Select(i =>
            new GossipMessage.PullRequest(
                HostilePeer.Topic, i, [Want.EntriesOf(log, IntervalSet.UpTo(1))]))]);
        await flooder.FlushAsync();

        Assert.InRange(siege.Counter("limit-rejected.peer-pulls"), 8 * Limit, 9 * Limit);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task The_worst_peer_and_what_it_asks_for_is_shown()
    {
        await using var siege = await BeginAsync(r => r with { PeerEntries = Limit });
        await using var flooder = await HostilePeer.MeetAsync(siege.Target);
        var entry = new Forge(flooder.Keys).First();
        LimitStatus? shown = null;
        await Cluster.UntilAsync(
            async () =>
            {
                await flooder.PushAsync([.. Enumerable.Repeat(entry, 10 * Limit)]);
                shown = siege.Target.Limits().Single(l => l.Limit == LimitKind.PeerEntries);
                return shown.Use > Limit;
            },
            () => $"{shown}");

        Assert.Equal(("rates.peer-entries", (long)Limit), (shown!.Option, shown.Max));
        Assert.Equal(flooder.Keys.Self.ToString(), shown.Who);
        Assert.True(shown.Rejected > 0);
        Assert.Equal(
            Enum.GetValues<LimitKind>(), siege.Target.Limits().Select(l => l.Limit));
    }

    /// <summary>Entries of everybody, signed by nobody.</summary>
    private static Entry[] Forged(HostilePeer peer) =>
    [
        .. Enumerable.Range(1, 10 * Limit).Select(i => Forge.Resign(
            new Forge(peer.Keys, (ulong)i).First(), new byte[64])),
    ];

    private static Task<Siege> BeginAsync(
        Func<GossipRates, GossipRates> rates, Func<GossipSizes, GossipSizes>? sizes = null) =>
        Siege.BeginAsync(o => o with
        {
            Rates = rates(o.Rates with { Burst = TimeSpan.FromSeconds(1) }),
            Sizes = sizes?.Invoke(o.Sizes) ?? o.Sizes,
        });
}
