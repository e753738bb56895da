using Gossip.Actors.Protocol;
using Gossip.Tests.Storage;

namespace Gossip.Tests.Protocol;

/// <summary>What is held of a log whose beginning, or middle, is not here any more?</summary>
[Row("E3")]
public sealed class LogStateTests
{
    private readonly TestLog _log = new(new("t"), 1) { PayloadBytes = 1 };

    [Fact]
    public void A_floor_lies_at_a_multiple_of_1024_that_is_delivered()
    {
        var state = Held(1, 2100);
        Assert.Equal(1, state.FloorMost);
        Deliver(state, 2047);
        Assert.Equal(1024, state.FloorMost);
        Assert.Throws<InvariantException>(() => state.Trim(2048));
        Assert.Throws<InvariantException>(() => state.Trim(1000));
        Assert.Equal(1023, state.Trim(1024));
        Assert.Equal((1024, 2100), (state.Holdings.Floor, state.Holdings.Head));
        Assert.False(state.Holds(1023));
        Assert.True(state.Holds(1024));
        Assert.Equal(_log[2100].Id, state.HeadId);
    }

    [Fact]
    public void A_lost_beginning_is_passed_over_and_taken_when_it_turns_up()
    {
        var state = Held(1024, 1030);
        Assert.Equal((0, 1), (state.Holdings.Head, state.NextToDeliver));
        state.LoseGap();
        Assert.Equal((1024, 1030), (state.Holdings.Floor, state.Holdings.Head));
        Assert.Equal((_log[1030].Id, 1024L), (state.HeadId, state.NextToDeliver));
        Assert.Equal(IntervalSet.UpTo(1023), state.Lost);
        Deliver(state, 1030);

        state = Reloaded(state);
        Assert.True(state.Contradicts(_log[1023].Header, _log[7].Id));
        Assert.False(state.Contradicts(_log[1023].Header, _log[1023].Id));
        Add(state, 1023);
        Assert.Equal((1023, 1030), (state.Holdings.Floor, state.Holdings.Head));
        Add(state, 500);
        Assert.Equal(1023, state.Holdings.Floor);
        Assert.Equal(
            IntervalSet.Of(new(500, 500), new(1023, 1030)), state.Held);
        Assert.True(state.Contradicts(_log[501].Header with { Prev = _log[1].Id }, _log[501].Id));
        for (var seq = 1022; seq > 0; seq--)
        {
            if (seq != 500)
            {
                Add(state, seq);
            }
        }

        Assert.Equal(IntervalSet.Empty, state.Lost);
        Assert.Equal(new(1, 1030, IntervalSet.Empty), state.Holdings);
        Assert.Equal(_log[1030].Id, state.HeadId);
    }

    [Fact]
    public void What_was_held_before_a_lost_range_is_still_held()
    {
        var state = Held(1, 10);
        Deliver(state, 10);
        AddRange(state, 2048, 2050);
        state.LoseGap();
        Assert.Equal(IntervalSet.Of(new(1, 10), new(2048, 2050)), state.Held);
        Assert.Equal((2048, 2048), (state.Holdings.Floor, state.NextToDeliver));
        Assert.True(state.Contradicts(_log[11].Header with { Prev = _log[1].Id }, _log[11].Id));
        Assert.False(state.Contradicts(_log[11].Header, _log[11].Id));
        Deliver(state, 2050);
        Assert.Equal(10, state.Trim(2048));
        Assert.Equal(IntervalSet.Empty, state.Lost);
    }

    [Fact]
    public void A_closure_below_the_floor_lowers_it_and_asks_for_what_counts()
    {
        var state = Held(1, 3000);
        Deliver(state, 3000);
        state.Trim(2048);
        state.Close(_log.ClosedAt(1500), _log[1499].Id);
        Assert.Equal(new(1024, 1023, IntervalSet.Empty), state.Holdings);
        Assert.Equal((EntryId.None, 1499L), (state.HeadId, state.Delivered));
        Assert.Equal(new SeqRange(1024, 1499), state.FirstGap);
        AddRange(state, 1024, 1499);
        Assert.Equal((1499, _log[1499].Id), (state.Holdings.Head, state.HeadId));
        Assert.Equal(1500, state.NextToDeliver);
    }

    [Fact]
    public void A_closure_in_what_is_lost_leaves_what_lies_before()
    {
        var state = Held(1, 10);
        Deliver(state, 10);
        AddRange(state, 2048, 2050);
        state.LoseGap();
        Deliver(state, 2050);
        state.Close(_log.ClosedAt(100), null);
        Assert.Equal((100, 99), (state.Holdings.Floor, state.Holdings.Head));
        Assert.Equal((EntryId.None, 99L), (state.HeadId, state.Delivered));
        Assert.Equal(IntervalSet.UpTo(10), state.Held);
        Assert.Null(state.FirstGap);
        Add(state, 99);
        Assert.Equal((99, 99, _log[99].Id),
            (state.Holdings.Floor, state.Holdings.Head, state.HeadId));
    }

    private LogState Held(long first, long last)
    {
        var state = new LogState(_log.Id);
        AddRange(state, first, last);
        return state;
    }

    private void AddRange(LogState state, long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            Add(state, seq);
        }
    }

    private void Add(LogState state, long seq) => state.Add(_log[seq].Header, _log[seq].Id);

    private void Deliver(LogState state, long last)
    {
        while (state.Delivered < last)
        {
            var next = state.NextToDeliver;
            state.Deliver(next, _log[next].Id);
        }
    }

    /// <summary>As a restart finds it, with the entries that a store gives it.</summary>
    private LogState Reloaded(LogState state) => new(
        state.Record,
        state.Record.Edges.Where(state.Holds).Select(
            seq => new Island(_log[seq].Dot, _log[seq].Id, _log[seq].Header.Prev)));
}
