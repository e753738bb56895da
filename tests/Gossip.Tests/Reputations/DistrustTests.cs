using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Gossip.Simulation;

namespace Gossip.Tests.Reputations;

/// <summary>What do the other machines make of it that somebody is not trusted?</summary>
[Row("D13")]
public sealed class DistrustTests
{
    private const string Address = "a.example:1";
    private static readonly Link Link = new(1);
    private static readonly Did Their = ReputationRig.Who(1);
    private static readonly Did Third = ReputationRig.Who(2);
    private static readonly Did Fourth = ReputationRig.Who(3);
    private static readonly TopicName Name = new("news");
    private static readonly TopicId Topic = TopicId.OfPublic(Name);
    private static readonly SimulatedKeys Own = new(1);
    private static readonly Self Self = new(Own.Self, 1, "test", "");
    private static readonly GossipOptions Options = new() { Bootstrap = [Address] };

    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Who_is_distrusted_is_not_dialled_and_is_dialled_at_once_when_that_ends(
        bool isBarred)
    {
        Func<Did[], Signal> distrust = isBarred ? Bar : Quarantine;
        var book = Connected();
        Ask(book, new Signal.PeerUp(new(2), new(Fourth, 1, "", null)));
        Assert.Empty(Dials(book, distrust([Their]), Down(), new Signal.RedialDue(Address, 1)));
        Assert.Empty(Dials(book, distrust([Their, Third])));
        Assert.Empty(Dials(book, new Signal.RedialDue(Address, 2)));
        Assert.Single(Dials(book, distrust([Third])));

        // What was still waiting for its turn finds it done.
        Assert.Empty(Dials(book, new Signal.RedialDue(Address, 3)));
    }

    /// <summary>A suspicion may be wrong, and to have nobody is worse.</summary>
    [Fact]
    public void Who_is_in_quarantine_is_dialled_when_nobody_else_is_there_and_who_is_barred_never()
    {
        var book = Connected();
        Assert.Single(Dials(book, Quarantine(Their), Down(), new Signal.RedialDue(Address, 1)));
        book = Connected();
        Assert.Empty(Dials(book, Bar(Their), Down(), new Signal.RedialDue(Address, 1)));
    }

    [Fact]
    public void Others_are_dialled_as_ever() => Assert.Single(Dials(
        Connected(), Bar(Third), Down(), new Signal.RedialDue(Address, 1)));

    /// <summary>After a restart nobody knows who lives where, until somebody answered.</summary>
    [Fact]
    public void Who_answered_and_was_sent_away_is_not_dialled_again()
    {
        var book = new PeerBook(Self, Options, new Random(1), []);
        Ask(book, new Signal.Started(), Bar(Their));
        Ask(book, new Signal.DialFailed(Address, GoodbyeCode.Banned, "no") { Answered = Their });
        Assert.Empty(Dials(book, new Signal.RedialDue(Address, 1)));
        Assert.Single(Dials(book, Bar()));
    }

    [Fact]
    public void No_round_is_begun_with_who_is_in_quarantine_unless_a_person_asks_for_it()
    {
        var rounds = new AntiEntropy(new(), new Random(1));
        Ask(
            rounds, Quarantine(Their), Subscribed,
            new Signal.Subscribed(new(2), Third, Topic, true));
        var due = Compared(Ask(rounds, [new Signal.RoundDue(0), .. Rounds(1, 9)]));
        Assert.All(due, compare => Assert.Equal(new Link(2), compare.Link));
        Assert.Single(due);
        Assert.Equal([Link], Compared(Ask(rounds, new Signal.SyncAsked(new(1), Their)))
            .Select(c => c.Link));
        Ask(rounds, new Signal.RoundEnded(Link, 1, true, "equal", 0, 0));
        Assert.Contains(
            Link, Compared(Ask(rounds, [Quarantine(), .. Rounds(10, 13)])).Select(c => c.Link));
    }

    [Fact]
    public void Rounds_go_on_with_who_is_in_quarantine_when_nobody_else_is_there()
    {
        var rounds = new AntiEntropy(new(), new Random(1));
        Ask(rounds, Quarantine(Their), Subscribed);
        Assert.Single(Compared(Ask(rounds, [.. Rounds(1, 2)])));
    }

    [Fact]
    public void Nothing_is_pulled_from_who_is_in_quarantine_until_that_ends_or_others_are_gone()
    {
        foreach (var end in new Signal[] { Quarantine(), new Signal.PeerDown(new(2), "gone") })
        {
            var replica = new TopicReplica(
                new() { Topic = Topic, Name = Name }, Self, Own, new(), () => 7);
            var row = new Row(
                new(Third, 1, Admission.None), new(1, 5, IntervalSet.Empty), 7, null, 7);
            Assert.Empty(Pulls(Ask(
                replica, new Signal.Started(), Quarantine(Their), Subscribed,
                new Signal.Subscribed(new(2), Third, Topic, true),
                new Signal.Shown(Link, Topic, 1, [row]), new Signal.PullDue(Topic))));
            Assert.Single(Pulls(Ask(replica, end)));
        }
    }

    [Fact]
    public void A_shut_door_says_why_and_hears_nothing()
    {
        var door = new ShutDoor(Link, Their, Address, "you are banned");
        var effects = Ask(door, new Signal.Started());
        var said = (DecodeResult.Read)MessageCodec.Decode(
            effects.OfType<Effect.Transmit>().Single().Frame, null, new GossipOptions());
        Assert.Equal(new GossipMessage.Goodbye(GoodbyeCode.Banned, "you are banned"), said.Message);
        Assert.Equal(Link, effects.OfType<Effect.Hangup>().Single().Link);
        var failed = (Signal.DialFailed)effects.OfType<Effect.Tell>().Single().Signal;
        Assert.Equal((Address, Their), (failed.Address, failed.Answered));

        var hello = new GossipMessage.Hello(1, "test", Their, 1, new(1), "", 1 << 20);
        var frame = new Signal.Frame(Link, MessageCodec.Encode(hello, null));
        Assert.Equal(
            [new Effect.Credit(Link, frame.Cost)],
            Ask(
                door, frame, new Signal.TopicCarried(Topic, Name), new Signal.LivenessDue(Link),
                new Signal.Restate(), new Signal.Stopping(),
                new Signal.LinkClosed(Link, "closed")));
    }

    private static Signal.Subscribed Subscribed => new(Link, Their, Topic, true);

    private static Signal.Distrusted Quarantine(params Did[] who) => new([.. who], []);

    private static Signal.Distrusted Bar(params Did[] who) => new([], [.. who]);

    private static Signal.PeerDown Down() => new(Link, "gone");

    private static IEnumerable<Signal> Rounds(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(i => new Signal.RoundDue(i));

    private static IEnumerable<Effect> Dials(PeerBook book, params Signal[] signals) =>
        Ask(book, signals).OfType<Effect.Dial>();

    private static Signal.Compare[] Compared(Effect[] effects) =>
        [.. effects.OfType<Effect.Tell>().Select(t => t.Signal).OfType<Signal.Compare>()];

    private static IEnumerable<Signal> Pulls(Effect[] effects) => effects.OfType<Effect.Tell>()
        .Select(t => t.Signal)
        .Where(s => s is Signal.Send { Message: GossipMessage.PullRequest });

    private static PeerBook Connected()
    {
        var book = new PeerBook(Self, Options, new Random(1), []);
        Ask(book, new Signal.Started(), new Signal.PeerUp(Link, new(Their, 1, "", Address)));
        return book;
    }

    private static Effect[] Ask(IMachine machine, params Signal[] signals)
    {
        var outbox = new Outbox();
        foreach (var signal in signals)
        {
            machine.Handle(signal, new(TimeSpan.FromSeconds(1), 1), outbox);
        }

        return outbox.Drain();
    }
}
