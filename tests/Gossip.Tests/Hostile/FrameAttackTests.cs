using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;

namespace Gossip.Tests.Hostile;

/// <summary>What may a peer say, and when? Everything else ends its link, or is skipped.</summary>
[Row("D9")]
public sealed class FrameAttackTests
{
    [Fact]
    public async Task Random_bytes_end_the_link_with_a_reason()
    {
        await using var siege = await Siege.BeginAsync();
        await using var greeting = await HostilePeer.ConnectAsync(siege.Target);
        greeting.Listen();
        await greeting.TrySendAsync(RandomNumberGenerator.GetBytes(4000));
        Assert.Equal(GoodbyeCode.Malformed, await greeting.EndAsync());

        await using var established = await HostilePeer.MeetAsync(siege.Target);
        await established.TrySendAsync([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
        Assert.Equal(GoodbyeCode.Malformed, await established.EndAsync());
        await siege.CountedAsync("refused.frame-malformed", 2);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task An_empty_frame_and_a_frame_cut_inside_its_message_end_the_link()
    {
        await using var siege = await Siege.BeginAsync();
        await using var empty = await HostilePeer.MeetAsync(siege.Target);
        await empty.TrySendAsync(Array.Empty<byte>());
        Assert.Equal(GoodbyeCode.Malformed, await empty.EndAsync());

        await using var cut = await HostilePeer.MeetAsync(siege.Target);
        var whole = MessageCodec.Encode(
            new GossipMessage.Announcement(
                HostilePeer.Topic, [new Forge(cut.Keys).First()], []),
            cut.Names);
        await cut.TrySendAsync(whole[..^9]);
        Assert.Equal(GoodbyeCode.Malformed, await cut.EndAsync());
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C7")]
    public async Task A_frame_beyond_the_limit_ends_the_link_before_it_is_read()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.TrySendAsync(new byte[(1 << 20) + 1]);
        await peer.EndAsync();
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Nothing_counts_before_the_hello()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.ConnectAsync(siege.Target);
        peer.Listen();
        await peer.TrySendAsync(MessageCodec.Encode(new GossipMessage.Ping(1), null));
        Assert.Equal(GoodbyeCode.Unexpected, await peer.EndAsync());

        await using var early = await HostilePeer.ConnectAsync(siege.Target);
        var entry = new Forge(early.Keys).First();
        var names = new TopicNames(new(1), new(2));
        await early.SendAsync(MessageCodec.Encode(
            new GossipMessage.Announcement(HostilePeer.Topic, [entry], []), names));
        await siege.CountedAsync("refused.message-unexpected", 2);
        Assert.False(await Siege.HasAsync(siege.Target, entry.Id));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_second_hello_ends_the_link()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.SayAsync(peer.Hello());
        Assert.Equal(GoodbyeCode.Unexpected, await peer.EndAsync());
        await siege.GoesOnAsync();
    }

    [Theory]
    [InlineData("version", GoodbyeCode.WrongVersion, "version-wrong")]
    [InlineData("network", GoodbyeCode.WrongNetwork, "network-wrong")]
    [InlineData("identity", GoodbyeCode.WrongIdentity, "identity-wrong")]
    public async Task A_hello_that_does_not_fit_is_answered_with_the_reason(
        string what, GoodbyeCode code, string refusal)
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.ConnectAsync(siege.Target);
        peer.Listen();
        var hello = peer.Hello();
        await peer.SayAsync(what switch
        {
            "version" => hello with { Version = 99 },
            "network" => hello with { Network = "production" },
            _ => hello with { From = siege.Honest.Did },
        });

        Assert.Equal(code, await peer.EndAsync());
        Assert.NotEmpty((await peer.HearAsync<GossipMessage.Goodbye>()).Reason);
        await siege.CountedAsync($"refused.{refusal}", 1);
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("B14")]
    public async Task An_unknown_kind_and_an_unknown_topic_are_skipped_and_counted()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.SendAsync([0xfa, 0x01, 3, 1, 2, 3]);
        await siege.CountedAsync("refused.message-unexpected", 1);
        await peer.SendAsync(MessageCodec.Encode(
            new GossipMessage.Heads(TopicId.OfPublic(new("secret")), []), peer.Names));
        await siege.CountedAsync("refused.topic-unknown", 1);

        await peer.FlushAsync();
        Assert.False(peer.IsEnded);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task Ten_thousand_subscriptions_are_kept_up_to_the_limit()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        for (var i = 0; i < 10_000; i++)
        {
            await peer.SayAsync(new GossipMessage.Subscribe(
                new(Hash.OfBytes(BitConverter.GetBytes(i)))));
        }

        var kept = new Gossip.Actors.GossipSizes().TopicsPerPeerMax - 1;
        await peer.FlushAsync();
        Assert.Equal(
            10_000 - kept,
            siege.Counter("limit-rejected.topics-per-peer")
            + siege.Counter("limit-rejected.peer-subscriptions"));
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_goodbye_frees_the_place()
    {
        await using var siege = await Siege.BeginAsync();
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await Nodes.Cluster.UntilAsync(
            () => Task.FromResult(siege.Target.Status().PeersConnected == 2), () => "two peers");
        await peer.SayAsync(new GossipMessage.Goodbye(GoodbyeCode.Leaving, "that was all"));
        await peer.EndAsync();
        await Nodes.Cluster.UntilAsync(
            () => Task.FromResult(siege.Target.Status().PeersConnected == 1), () => "one peer");
        await siege.GoesOnAsync();
    }
}
