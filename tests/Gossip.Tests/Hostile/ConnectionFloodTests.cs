using System.Diagnostics;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// How many connections can strangers hold, and does an honest peer get in all the same?
/// </summary>
[Row("C9")]
public sealed class ConnectionFloodTests
{
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(2);

    // Strangers that never say hello stay: these tests are about how many there are.
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(2000, false)]
    [InlineData(600, true)]
    public async Task An_honest_handshake_ends_in_time_while_so_many_are_half_open(
        int strangers, bool isShaking)
    {
        await using var siege = await Siege.BeginAsync();
        var first = isShaking ? await Crowd.ClientHelloAsync() : [];
        using var crowd = new Crowd(siege.Target, "127.0.0.2");
        await crowd.KnockAsync(strangers * 3 / 4, first);
        var flood = crowd.KnockAsync(strangers / 4, first);
        var times = new List<TimeSpan>();
        for (var i = 0; i < 20 || !flood.IsCompleted; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var honest = await HostilePeer.MeetAsync(siege.Target);
            times.Add(watch.Elapsed);
        }

        await flood;
        Assert.Equal(strangers, crowd.Count);
        Assert.True(times.Max() < Bearable, $"the slowest of {times.Count}: {times.Max()}");
        var most = new GossipSizes().HandshakesMax;
        Assert.InRange(Use(siege, LimitKind.Handshakes)!.Value, 1, most);
        Assert.InRange(
            siege.Counter("limit-rejected.handshakes"), strangers - most - 10, strangers);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task One_address_holds_no_more_than_its_share_and_others_get_in()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { HandshakeTimeout = Patient },
            Sizes = o.Sizes with { ConnectionsPerAddressMax = 8, LoopbackLimited = true },
        });
        using var crowd = new Crowd(siege.Target, "127.0.0.2");
        await crowd.EnterAsync(80);
        await Cluster.UntilAsync(
            () => Task.FromResult(crowd.Alive <= 8), () => $"{crowd.Alive} of one address live");

        var limit = Limit(siege, LimitKind.ConnectionsPerAddress);
        Assert.Equal((8L, "127.0.0.2"), (limit.Use!.Value, limit.Who));
        Assert.InRange(siege.Counter("limit-rejected.connections-per-address"), 72, 80);
        await using var honest = await HostilePeer.MeetAsync(siege.Target);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Who_shares_an_address_with_a_flood_that_only_knocks_gets_in()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Sizes = o.Sizes with { ConnectionsPerAddressMax = 8, LoopbackLimited = true },
        });
        using var crowd = new Crowd(siege.Target, "127.0.0.1");
        await crowd.KnockAsync(80, default);
        await using var honest = await HostilePeer.MeetAsync(siege.Target);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Strangers_hold_half_of_all_places_and_the_others_are_for_whom_we_dial()
    {
        await using var cluster = new Cluster();
        var far = await cluster.StartAsync("far", null);
        var address = far.Address!;
        await cluster.StopAsync(far);
        var target = await cluster.StartAsync("target", o => o with
        {
            Bootstrap = [address],
            Times = o.Times with
            {
                HandshakeTimeout = Patient,
                RedialMax = TimeSpan.FromMilliseconds(250),
            },
            Sizes = o.Sizes with { ConnectionsMax = 12 },
        });

        using var crowd = new Crowd(target, "127.0.0.2");
        await crowd.EnterAsync(60);
        await Cluster.UntilAsync(
            () => Task.FromResult(crowd.Alive <= 6), () => $"{crowd.Alive} strangers live");
        await Cluster.UntilAsync(() => IsToldAsync(target), () => "nobody says why");

        // Whoever this node dials still finds a place, however many knock.
        far = await cluster.StartAsync("far", o => o with { Listen = address });
        await Cluster.PublishAsync(far, "hello");
        await Cluster.ConvergeAsync(1, target, far);
        Assert.True(target.Status().Counters["limit-rejected.connections-accepted"] >= 54);
    }

    [Fact]
    public async Task One_key_holds_no_more_than_its_share()
    {
        await using var siege = await Siege.BeginAsync(
            o => o with { Times = o.Times with { HandshakeTimeout = Patient } });
        using var keys = EcKeys.Generate();
        using var crowd = new Crowd(siege.Target, "127.0.0.2");
        var most = new GossipSizes().ConnectionsPerIdentityMax;
        await crowd.EnterAsync(3 * most, keys);
        await Cluster.UntilAsync(
            () => Task.FromResult(crowd.Alive <= most), () => $"{crowd.Alive} of one key live");

        var limit = Limit(siege, LimitKind.ConnectionsPerIdentity);
        Assert.Equal(((long)most, keys.Self.ToString()), (limit.Use!.Value, limit.Who));
        Assert.Equal(2 * most, limit.Rejected);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task One_process_holds_two_links_and_is_told_why_the_third_ends()
    {
        await using var siege = await Siege.BeginAsync();
        using var keys = EcKeys.Generate();
        await using var first = await HostilePeer.MeetAsync(siege.Target, keys);
        await using var second = await HostilePeer.MeetAsync(siege.Target, keys);
        await using var third = await HostilePeer.MeetAsync(siege.Target, keys);

        Assert.Equal(GoodbyeCode.Duplicate, await third.EndAsync());
        Assert.False(first.IsEnded || second.IsEnded);
        await siege.CountedAsync("limit-rejected.connections-per-process", 1);
        await siege.GoesOnAsync();
    }

    /// <summary>Whether one more is told that there is no place; a few at a time are.</summary>
    private static async Task<bool> IsToldAsync(GossipNode node)
    {
        try
        {
            await using var late = await HostilePeer.ConnectAsync(node);
            late.Listen();
            return await late.EndAsync() == GoodbyeCode.Full;
        }
        catch (TransportException)
        {
            return false;
        }
    }

    private static LimitStatus Limit(Siege siege, LimitKind kind) =>
        siege.Target.Limits().Single(l => l.Limit == kind);

    private static long? Use(Siege siege, LimitKind kind) => Limit(siege, kind).Use;
}
