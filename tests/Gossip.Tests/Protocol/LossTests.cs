using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Protocol;

/// <summary>When is something given up, and what becomes of it when it turns up?</summary>
[Row("E3")]
public sealed class LossTests
{
    private static readonly SimulatedKeys Author = new(1);
    private static readonly SimulatedKeys Other = new(2);
    private static readonly LogId Log = new(Author.Self, 1, Admission.None);
    private static readonly TopicId Topic = TopicId.OfPublic(ReplicaRig.Name);
    private static readonly Link First = new(1);
    private static readonly Link Second = new(2);
    private readonly ReplicaRig _rig = new();
    private readonly List<Entry> _log = [];

    public LossTests()
    {
        Join(Second, Other.Self);
        for (var seq = 1; seq <= 5; seq++)
        {
            _log.Add(ReplicaRig.Write(Author, seq, _log.LastOrDefault(), $"{seq}"));
        }
    }

    [Fact]
    public void A_floor_that_somebody_claims_only_makes_everybody_be_asked()
    {
        _rig.Announce(_log[0], _log[4]);
        ClaimFloor(First);
        Assert.Empty(Asked());
        Wait();
        Assert.Equal([First, Second], Asked().Select(a => a.Link));
        Answer(First);
        Assert.Empty(_rig.Seen!.Lost);

        Answer(Second, _log[1], _log[2], _log[3]);
        Assert.Equal([1, 2, 3, 4, 5], Delivered);
        Assert.Empty(_rig.Seen!.Lost);
    }

    [Fact]
    public void What_nobody_brings_is_lost_until_somebody_new_has_it()
    {
        Lose();
        Assert.Equal([1, 5], Delivered);
        Assert.Equal(
            IntervalSet.Of(new SeqRange(2, 4)), Assert.Single(_rig.Seen!.Lost).Slots);
        _rig.Restart();
        Assert.Equal(
            IntervalSet.Of(new SeqRange(2, 4)), Assert.Single(_rig.Seen!.Lost).Slots);

        // Whoever is there after the restart is new too, and asked.
        Answer(First, _log[1], _log[2], _log[3]);
        Assert.Equal([1, 5, 2, 3, 4], Delivered);
        Assert.Empty(_rig.Seen!.Lost);
    }

    [Fact]
    public void What_turns_up_late_and_is_closed_before_its_commit_is_not_delivered()
    {
        Lose();
        _rig.IsDiskBusy = true;
        _rig.Announce(ReplicaRig.Write(Other, 1, null, "another log"));
        _rig.Announce(_log[1], _log[2], _log[3]);
        _rig.Announce(Fork(2));
        _rig.IsDiskBusy = false;
        Assert.Equal(2, _rig.ClosedAt(Log));
        Assert.Equal([1, 1], Delivered);
    }

    [Fact]
    public void A_closure_above_what_is_lost_delivers_nothing_past_it()
    {
        _log[4] = ReplicaRig.Write(
            Author, 5, _log[3], "5", new Dependency(new(Other.Self, 1, Admission.None), 1, 7));
        Lose();
        Assert.Equal([1], Delivered);
        _rig.Announce(Fork(5));
        _rig.Announce(ReplicaRig.Write(Other, 1, null, "what it waited for"));
        Assert.Equal(5, _rig.ClosedAt(Log));
        Assert.Equal([1, 1], Delivered);
    }

    [Fact]
    public void A_closure_below_everyones_floor_holds_up_nobody()
    {
        _rig.Announce(Fork(3));
        _rig.Announce(ReplicaRig.Write(Other, 1, null, "after", new Dependency(Log, 5, 7)));
        Assert.Empty(Delivered);
        Wait();
        Answer(First);
        Answer(Second);
        Assert.Equal([1], Delivered);
    }

    private IEnumerable<long> Delivered => _rig.Delivered.Select(d => d.Seq);

    /// <summary>Of the slots from 2 to 4, which nobody has.</summary>
    private void Lose()
    {
        _rig.Announce(_log[0], _log[4]);
        ClaimFloor(First);
        Wait();
        Answer(First);
        Answer(Second);
    }

    private ForkProof Fork(long slot)
    {
        var before = slot > 1 ? _log[(int)slot - 2] : null;
        return new(
            _log[(int)slot - 1].SignedHeader,
            ReplicaRig.Write(Author, slot, before, "another").SignedHeader);
    }

    private void Join(Link link, Did did) =>
        _rig.Tell(new Signal.Subscribed(link, did, Topic, true));

    private void ClaimFloor(Link link) => _rig.Tell(new Signal.Shown(
        link, Topic, 1, [new(Log, new(1L << 50, (1L << 50) - 1, IntervalSet.Empty), 0, null, 0)]));

    private void Wait()
    {
        _rig.Now += TimeSpan.FromSeconds(10);
        _rig.Tell(new Signal.PullDue(Topic));
    }

    /// <summary>Requests for entries that are not answered.</summary>
    private List<(Link Link, long Request)> Asked() =>
    [
        .. _rig.Told.OfType<Signal.Send>()
            .Where(s => s.Message is GossipMessage.PullRequest(_, _, var wants)
                && wants.Any(w => !w.Entries.IsEmpty))
            .Select(s => (s.Link, ((GossipMessage.PullRequest)s.Message).Request)),
    ];

    private void Answer(Link link, params ImmutableArray<Entry> entries)
    {
        var asked = Asked().Last(a => a.Link == link);
        _rig.Tell(new Signal.Received(
            link, Some.Author(9),
            new GossipMessage.PullResponse(Topic, asked.Request, entries, [], []), 1));
    }
}
