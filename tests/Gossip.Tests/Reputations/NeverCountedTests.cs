using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Simulation;
using Gossip.Tests.Protocol;

namespace Gossip.Tests.Reputations;

/// <summary>
/// What is never held against a peer, whoever saw it? And, beside it, what is: so that the table
/// would notice a machine that tells nothing at all.
/// </summary>
[Row("D13")]
public sealed class NeverCountedTests
{
    private static readonly Link Link = new(1);
    private static readonly SimulatedKeys Own = new(1);
    private static readonly SimulatedKeys Their = new(2);
    private static readonly SimulatedKeys Third = new(3);
    private static readonly TopicId Topic = TopicId.OfPublic(ReplicaRig.Name);

    private static readonly Dictionary<string, Func<Signal[]>> OfSessions = new()
    {
        ["another version"] = () => Greeted(Hello() with { Version = 99 }),
        ["another network"] = () => Greeted(Hello() with { Network = "production" }),
        ["a node that dialled itself"] = () => Greeted(
            Hello() with { From = Own.Self, Instance = 1 }, proven: Own.Self),
        ["no hello in time"] = () => Session(
            (TimeSpan.FromMinutes(1), new Signal.LivenessDue(Link))),
        ["silence"] = () => Established((TimeSpan.FromMinutes(1), new Signal.LivenessDue(Link))),
        ["a reset connection"] = () => Established(Now(new Signal.LinkClosed(Link, "reset"))),
        ["a goodbye"] = () => Established(Now(Frame(
            new GossipMessage.Goodbye(GoodbyeCode.Malformed, "you are wrong")))),
        ["a fault in our own session"] = () => Established(Now(new Signal.Restate())),
        ["our own stop"] = () => Established(Now(new Signal.Stopping())),
        ["a second link of the same peer"] = () => Established(Now(new Signal.Send(
            Link, new GossipMessage.Goodbye(GoodbyeCode.Duplicate, "already connected")))),
        ["another peer than we meant to dial"] = () => Established(Now(new Signal.Send(
            Link, new GossipMessage.Goodbye(GoodbyeCode.WrongIdentity, "not whom we meant")))),
        ["a frame that only we find too large"] = () => Established(Now(
            new Signal.Frame(Link, new byte[(1 << 20) + 1]))),
        ["a kind of message unknown here"] = () => Established(Now(
            new Signal.Frame(Link, new byte[] { 0xfa, 0x01, 3, 1, 2, 3 }))),
        ["a topic that we do not carry"] = () => Established(Now(
            Frame(new GossipMessage.Heads(TopicId.OfPublic(new("other")), []), Names()))),
        ["more topics than we keep"] = () => Established([.. Enumerable.Range(0, 5000)
            .SelectMany(i => Now(Frame(new GossipMessage.Subscribe(
                new(new Hash(0, 0, 1, (ulong)i))))))]),
        ["entries of others that are broken"] = () => Established(Now(Frame(
            new GossipMessage.Announcement(
                Topic, [Broken(Write(Third, 1, null, "x"))], []), Names()))),
        ["what comes after the end"] = () => Established(
            [.. Now(new Signal.Stopping()), .. Now(new Signal.Frame(Link, new byte[9]))]),
    };

    private static readonly Dictionary<string, Func<Signal[]>> OfTopics = new()
    {
        ["an entry of another network"] = () => Pushed(
            Resigned(Write(Their, 1, null, "x"), h => h with { Network = "production" })),
        ["an entry that its author made wrong"] = () => Pushed(
            Resigned(Write(Their, 1, null, "x"), h => h with { PayloadCount = 7 })),
        ["a clock that is wrong by years"] = () => Pushed(
            Resigned(Write(Their, 1, null, "x"), h => h with { Time = Limits.TimeMax })),
        ["an entry twice"] = () => Pushed(
            Write(Their, 1, null, "x"), Write(Their, 1, null, "x")),
        ["a fork by the sender itself"] = () => Pushed(
            Write(Their, 1, null, "x"), Write(Their, 1, null, "y")),
        ["an answer that nobody waits for any more"] = () => Topics(
            new GossipMessage.PullResponse(Topic, 77, [], [], [])),
        ["a proof that proves nothing"] = () => Topics(new GossipMessage.Announcement(
            Topic, [], [new(Write(Third, 1, null, "x").SignedHeader,
                Write(Third, 1, null, "x").SignedHeader)])),
        ["a pull of what we do not have"] = () => Topics(new GossipMessage.PullRequest(
            Topic, 1, [Want.ProofOf(new(Third.Self, 1, Admission.None))])),
    };

    public static TheoryData<string> Session_cases => [.. OfSessions.Keys];

    public static TheoryData<string> Topic_cases => [.. OfTopics.Keys];

    [Theory]
    [MemberData(nameof(Session_cases))]
    public void A_session_holds_this_against_nobody(string what) =>
        Assert.Empty(Accusations(OfSessions[what]()));

    [Theory]
    [MemberData(nameof(Topic_cases))]
    public void A_topic_holds_this_against_nobody(string what) =>
        Assert.Empty(Accusations(OfTopics[what]()));

    [Fact]
    public void Connections_that_come_and_go_leave_no_trace()
    {
        var rig = new ReputationRig();
        for (var i = 2; i < 1000; i++)
        {
            rig.Tell(new Signal.PeerDown(new(i - 1), "reset") { IsLeaving = i % 2 == 0 });
            rig.Meet(new(i), ReputationRig.Peer);
            rig.Tell(new Signal.Restate());
        }

        Assert.Equal(0, rig.Known);
        Assert.Empty(rig.HungUp);
    }

    /// <summary>Of two links that cross one ends, and the peer hears of it later.</summary>
    [Fact]
    public void What_is_said_before_our_goodbye_is_heard_is_not_refused()
    {
        var late = Frame(new GossipMessage.Heads(Topic, []), Names());
        var effects = Act(null,
        [
            .. Now(new Signal.TopicCarried(Topic, ReplicaRig.Name)),
            .. Now(Frame(Hello())),
            .. Now(new Signal.Send(
                Link, new GossipMessage.Goodbye(GoodbyeCode.Duplicate, "already connected"))),
            .. Now(late),
        ]);
        Assert.DoesNotContain(effects, e => e is Effect.Refuse);
        Assert.Equal(new Effect.Credit(Link, late.Cost), effects[^1]);
    }

    [Fact]
    public void Abuse_is_told_with_the_identity_that_the_connection_proved()
    {
        Signal[][] all =
        [
            Greeted(Hello() with { From = Third.Self }),
            Session(Now(new Signal.Frame(Link, new byte[9]))),
            Session(Now(Frame(new GossipMessage.Ping(1)))),
            Established(Now(new Signal.Frame(Link, ReadOnlyMemory<byte>.Empty))),
            Established(Now(Frame(Hello()))),
        ];
        Assert.All(all, signals =>
        {
            var told = Assert.IsType<Signal.Misbehaved>(Assert.Single(Accusations(signals)));
            Assert.Equal(
                (Link, Their.Self, Misconduct.ProtocolAbuse), (told.Link, told.By, told.Kind));
        });
    }

    [Fact]
    public void A_wrong_signature_is_told_with_the_author_in_a_free_slot_and_in_a_taken_one()
    {
        var entry = Write(Their, 1, null, "x");
        var other = Write(Their, 1, null, "y");
        foreach (var signals in new[] { Pushed(Unsigned(entry)), Pushed(entry, Unsigned(other)) })
        {
            var told = Assert.IsType<Signal.NotSigned>(Assert.Single(Accusations(signals)));
            Assert.Equal((Link, Their.Self), (told.Link, told.Author));
        }
    }

    private static IEnumerable<Signal> Accusations(Signal[] told) =>
        told.Where(s => s is Signal.Misbehaved or Signal.NotSigned);

    private static Entry Write(SimulatedKeys keys, long seq, Entry? prev, string text) =>
        ReplicaRig.Write(keys, seq, prev, text);

    private static Entry Unsigned(Entry entry) => entry with
    {
        SignedHeader = entry.SignedHeader with { Signature = new byte[64] },
    };

    /// <summary>A header that cannot even be read.</summary>
    private static Entry Broken(Entry entry) => entry with
    {
        SignedHeader = entry.SignedHeader with { HeaderBytes = new byte[] { 0xff, 0xff } },
    };

    private static Entry Resigned(Entry entry, Func<Header, Header> with)
    {
        var header = with(entry.Header);
        var bytes = EntryFormat.Encode(header);
        var id = EntryId.Of(bytes);
        return entry with { SignedHeader = new(header, id, bytes, Their.Sign(id)) };
    }

    private static GossipMessage.Hello Hello() => new(
        Limits.ProtocolVersion, "test", Their.Self, 2, new Nonce(2), "", 1 << 20);

    private static TopicNames Names()
    {
        var names = new TopicNames(new(2), new(1));
        names.Learn(Topic);
        names.Learn(TopicId.OfPublic(new("other")));
        return names;
    }

    private static Signal.Frame Frame(GossipMessage message, TopicNames? names = null) =>
        new(Link, MessageCodec.Encode(message, names));

    private static (TimeSpan At, Signal Signal)[] Now(Signal signal) =>
        [(TimeSpan.FromSeconds(1), signal)];

    private static Signal[] Greeted(GossipMessage.Hello hello, Did? proven = null) =>
        Session(proven, Now(Frame(hello)));

    private static Signal[] Established(params (TimeSpan At, Signal Signal)[] signals) => Session(
    [
        .. Now(new Signal.TopicCarried(Topic, ReplicaRig.Name)),
        .. Now(Frame(Hello())), .. signals,
    ]);

    private static Signal[] Session(params (TimeSpan At, Signal Signal)[] signals) =>
        Session(null, signals);

    /// <summary>What a session that is told this tells its siblings.</summary>
    private static Signal[] Session(Did? proven, (TimeSpan At, Signal Signal)[] signals) =>
        [.. Act(proven, signals).OfType<Effect.Tell>().Select(t => t.Signal)];

    private static ImmutableArray<Effect> Act(Did? proven, (TimeSpan At, Signal Signal)[] signals)
    {
        var session = new PeerSession(
            Link, proven ?? Their.Self, "a:1", new Nonce(1), new(Own.Self, 1, "test", ""), new());
        var outbox = new Outbox();
        session.Handle(new Signal.Started(), new(TimeSpan.Zero, 1), outbox);
        foreach (var (at, signal) in signals)
        {
            session.Handle(signal, new(at, 1), outbox);
        }

        return [.. outbox.Drain()];
    }

    private static Signal[] Pushed(params Entry[] entries) =>
        Topics([.. entries.Select(e => new GossipMessage.Announcement(Topic, [e], []))]);

    /// <summary>What a topic whose peer says this tells its siblings.</summary>
    private static Signal[] Topics(params GossipMessage[] messages)
    {
        var rig = new ReplicaRig();
        messages.ToList().ForEach(rig.Say);
        Assert.True(rig.Steps >= messages.Length);
        return [.. rig.Told];
    }
}
