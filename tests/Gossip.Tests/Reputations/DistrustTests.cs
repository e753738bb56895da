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
    private static readonly TopicName Name = new("news");
    private static readonly TopicId Topic = TopicId.OfPublic(Name);
    private static readonly SimulatedKeys Own = new(1);
    private static readonly Self Self = new(Own.Self, 1, "test", "");
    private static readonly GossipOptions Options = new() { Bootstrap = [Address] };

    [Fact]
    public void Who_is_distrusted_is_not_dialled_and_is_dialled_at_once_when_that_ends()
    {
        var book = Connected();
        Assert.DoesNotContain(
            Ask(book, Distrust(Their), Down(), new Signal.RedialDue(Address, 1)),
            e => e is Effect.Dial);
        Assert.DoesNotContain(Ask(book, Distrust(Their, Third)), e => e is Effect.Dial);
        Assert.DoesNotContain(
            Ask(book, new Signal.RedialDue(Address, 2)), e => e is Effect.Dial);
        Assert.Single(Ask(book, Distrust(Third)).OfType<Effect.Dial>());

        // What was still waiting for its turn finds it done.
        Assert.DoesNotContain(
            Ask(book, new Signal.RedialDue(Address, 3)), e => e is Effect.Dial);
    }

    [Fact]
    public void Others_are_dialled_as_ever()
    {
        var book = Connected();
        Assert.Single(Ask(book, Distrust(Third), Down(), new Signal.RedialDue(Address, 1))
            .OfType<Effect.Dial>());
    }

    /// <summary>After a restart nobody knows who lives where, until somebody answered.</summary>
    [Fact]
    public void Who_answered_and_was_sent_away_is_not_dialled_again()
    {
        var book = new PeerBook(Self, Options, new Random(1));
        Ask(book, new Signal.Started(), Distrust(Their));
        Ask(book, new Signal.DialFailed(Address, GoodbyeCode.Banned, "no")
        {
            Answered = Their,
        });
        Assert.DoesNotContain(
            Ask(book, new Signal.RedialDue(Address, 1)), e => e is Effect.Dial);
        Assert.Single(Ask(book, Distrust()).OfType<Effect.Dial>());
    }

    [Fact]
    public void No_round_is_begun_with_who_is_distrusted_unless_a_person_asks_for_it()
    {
        var rounds = new AntiEntropy(new(), new Random(1));
        Ask(rounds, Distrust(Their), Subscribed);
        Signal[] due = [new Signal.RoundDue(0), .. Rounds(1, 9)];
        Assert.Empty(Compared(Ask(rounds, due)));
        Assert.Single(Compared(Ask(rounds, new Signal.SyncAsked(new(1), null))));
        Ask(rounds, new Signal.RoundEnded(Link, 1, true, "equal", 0, 0));
        Assert.Single(Compared(Ask(rounds, [Distrust(), .. Rounds(10, 11)])));
    }

    [Fact]
    public void Nothing_is_pulled_from_who_is_distrusted_until_that_ends()
    {
        var replica = new TopicReplica(
            new() { Topic = Topic, Name = Name }, Self, Own, new(), () => 7);
        var row = new Row(
            new(Third, 1, Admission.None), new(1, 5, IntervalSet.Empty), 7, null, 7);
        var effects = Ask(
            replica, new Signal.Started(), Distrust(Their), Subscribed,
            new Signal.Shown(Link, Topic, 1, [row]), new Signal.PullDue(Topic));
        Assert.Empty(Pulls(effects));
        Assert.Single(Pulls(Ask(replica, Distrust())));
    }

    [Fact]
    public void A_shut_door_says_why_and_hears_nothing()
    {
        var door = new ShutDoor(Link, Their, Address, "you are banned");
        var effects = Ask(door, new Signal.Started());
        var said = (DecodeResult.Read)MessageCodec.Decode(
            effects.OfType<Effect.Transmit>().Single().Frame, null, new());
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

    private static Signal.Distrusted Distrust(params Did[] who) => new([.. who]);

    private static Signal.PeerDown Down() => new(Link, "gone");

    private static IEnumerable<Signal> Rounds(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(i => new Signal.RoundDue(i));

    private static IEnumerable<Signal> Compared(Effect[] effects) =>
        effects.OfType<Effect.Tell>().Select(t => t.Signal).OfType<Signal.Compare>();

    private static IEnumerable<Signal> Pulls(Effect[] effects) => effects.OfType<Effect.Tell>()
        .Select(t => t.Signal)
        .Where(s => s is Signal.Send { Message: GossipMessage.PullRequest });

    private static PeerBook Connected()
    {
        var book = new PeerBook(Self, Options, new Random(1));
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
