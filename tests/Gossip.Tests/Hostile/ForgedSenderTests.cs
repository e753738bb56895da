using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>
/// Can anybody subscribe, unsubscribe or pull in another's name, or for the node itself? A message
/// has no sender but the identity that its connection proved.
/// </summary>
[Row("D9")]
public sealed class ForgedSenderTests
{
    private static readonly CancellationToken Go = CancellationToken.None;

    [Fact]
    public async Task A_hello_in_anothers_name_ends_the_link_and_is_held_against_the_forger()
    {
        await using var siege = await Siege.BeginAsync();
        await using var forger = await HostilePeer.ConnectAsync(siege.Target);
        forger.Listen();
        await forger.TrySendAsync(MessageCodec.Encode(
            forger.Hello() with { From = siege.Honest.Did }, null));
        Assert.Equal(GoodbyeCode.WrongIdentity, await forger.EndAsync());
        await Cluster.UntilAsync(
            () => Task.FromResult(StandingOf(siege, forger.Keys.Self) == Standing.Quarantined),
            () => "the forger is not blamed");
        Assert.Equal(Standing.Good, StandingOf(siege, siege.Honest.Did));
        await siege.GoesOnAsync();
    }

    /// <summary>What one link calls a topic means nothing on any other.</summary>
    [Theory]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    [InlineData("pull")]
    public async Task What_one_peer_said_is_nothing_in_anothers_mouth(string what)
    {
        await using var siege = await Siege.BeginAsync();
        var held = (await Cluster.PublishAsync(siege.Target, "held"))[0].Dot.Log;
        await using var victim = await HostilePeer.MeetAsync(siege.Target);
        await using var forger = await HostilePeer.ConnectAsync(siege.Target);
        forger.Listen();
        await forger.SayAsync(forger.Hello());
        await forger.HearAsync<GossipMessage.Subscribe>();
        var token = victim.Names!.TokenOf(HostilePeer.Topic);
        GossipMessage said = what switch
        {
            "subscribe" => new GossipMessage.Subscribe(token),
            "unsubscribe" => new GossipMessage.Unsubscribe(token),
            _ => new GossipMessage.PullRequest(
                HostilePeer.Topic, 5, [Want.EntriesOf(held, IntervalSet.UpTo(9))]),
        };
        await forger.SendAsync(MessageCodec.Encode(said, victim.Names));
        await forger.FlushAsync();

        // The victim is a subscriber as before; the forger is none, and was answered nothing.
        var entry = (await Cluster.PublishAsync(siege.Target, "to subscribers"))[0].Entry;
        await victim.HearAsync<GossipMessage.Announcement>(a => a.Entries.Any(e => e.Id == entry));
        await forger.FlushAsync();
        Assert.DoesNotContain(
            forger.Heard, m => m is GossipMessage.Announcement or GossipMessage.PullResponse);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_pull_without_a_subscription_is_refused()
    {
        await using var siege = await Siege.BeginAsync();
        var held = (await Cluster.PublishAsync(siege.Target, "held"))[0].Dot.Log;
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.SayAsync(
            new GossipMessage.Unsubscribe(peer.Names!.TokenOf(HostilePeer.Topic)),
            new GossipMessage.PullRequest(
                HostilePeer.Topic, 5, [Want.EntriesOf(held, IntervalSet.UpTo(9))]));
        await siege.CountedAsync("refused.message-unexpected", 1);
        await peer.FlushAsync();
        Assert.DoesNotContain(peer.Heard, m => m is GossipMessage.PullResponse);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Nothing_on_the_wire_changes_what_the_node_itself_carries()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        var subscription = await siege.Target.SubscribeAsync(Cluster.Topic, "reader", Go);
        var other = TopicId.OfPublic(new("other"));
        peer.Names!.Learn(other);
        for (var i = 0; i < 3; i++)
        {
            await peer.SayAsync(
                new GossipMessage.Unsubscribe(peer.Names.TokenOf(HostilePeer.Topic)),
                new GossipMessage.Subscribe(peer.Names.TokenOf(other)),
                new GossipMessage.Unsubscribe(peer.Names.TokenOf(other)),
                new GossipMessage.Subscribe(peer.Names.TokenOf(other)));
        }

        await peer.FlushAsync();
        Assert.Equal(
            [Cluster.Topic], (await siege.Target.TopicsAsync(Go)).Select(t => t.Name));
        Assert.Equal("reader", Assert.Single(
            await siege.Target.SubscriptionsAsync(Cluster.Topic, Go)).Name);
        Assert.Equal("reader", subscription.Name);
        await siege.GoesOnAsync();
    }

    private static Standing StandingOf(Siege siege, Did did) => siege.Target.Peers()
        .FirstOrDefault(p => p.Did == did.ToString())?.Reputation.Standing ?? Standing.Good;
}
