using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

public sealed class VectorClockTests
{
    private static readonly LogId A = Some.Log(1);
    private static readonly LogId B = Some.Log(2);

    // Few logs and small numbers, so that all four orders are common.
    private static readonly Gen<VectorClock> Clocks =
        from seqs in Gen.Choose(0, 2).ArrayOf(3)
        select VectorClock.Of(seqs.Select((s, i) => KeyValuePair.Create(Some.Log(i), (long)s)));

    [Fact]
    [Row("A1")]
    public void Absent_is_zero_and_the_first_increment_makes_one()
    {
        Assert.Equal(0, VectorClock.Zero.Get(A));
        var once = VectorClock.Zero.Increment(A);
        Assert.Equal(1, once.Get(A));
        Assert.Equal(2, once.Increment(A).Get(A));
        Assert.Equal(0, once.Get(B));
        Assert.Equal(0, VectorClock.Zero.Get(A));
    }

    [Fact]
    [Row("A1")]
    public void Merge_takes_the_larger_of_each_component() => Check(
        from a in Clocks
        from b in Clocks
        select (a, b),
        t => Enumerable.Range(0, 4).Select(i => Some.Log(i)).All(
            log => t.a.Merge(t.b).Get(log) == Math.Max(t.a.Get(log), t.b.Get(log))));

    [Fact]
    [Row("A1")]
    public void Merge_is_idempotent() => Check(Clocks, a => a.Merge(a).Equals(a));

    [Fact]
    [Row("A1")]
    public void Merge_is_commutative() => Check(
        from a in Clocks
        from b in Clocks
        select (a, b),
        t => t.a.Merge(t.b).Equals(t.b.Merge(t.a)));

    [Fact]
    [Row("A1")]
    public void Merge_is_associative() => Check(
        from a in Clocks
        from b in Clocks
        from c in Clocks
        select (a, b, c),
        t => t.a.Merge(t.b).Merge(t.c).Equals(t.a.Merge(t.b.Merge(t.c))));

    [Fact]
    [Row("A2")]
    public void Exactly_one_of_the_four_orders_holds() => Check(
        from a in Clocks
        from b in Clocks
        select (a, b),
        t =>
        {
            var logs = Enumerable.Range(0, 3).Select(i => Some.Log(i)).ToArray();
            var below = logs.Any(l => t.a.Get(l) < t.b.Get(l));
            var above = logs.Any(l => t.a.Get(l) > t.b.Get(l));
            ClockOrder[] truths =
            [
                .. !below && !above ? [ClockOrder.Equal] : Array.Empty<ClockOrder>(),
                .. below && !above ? [ClockOrder.Before] : Array.Empty<ClockOrder>(),
                .. !below && above ? [ClockOrder.After] : Array.Empty<ClockOrder>(),
                .. below && above ? [ClockOrder.Concurrent] : Array.Empty<ClockOrder>(),
            ];
            return truths.Length == 1
                && t.a.CompareTo(t.b) == truths[0]
                && t.a.Equals(t.b) == (truths[0] == ClockOrder.Equal)
                && t.a.HappensBefore(t.b) == (truths[0] == ClockOrder.Before)
                && (!t.a.Equals(t.b) || t.a.GetHashCode() == t.b.GetHashCode());
        });

    [Fact]
    [Row("A2")]
    public void Each_order_has_its_mirror()
    {
        var one = VectorClock.Zero.With(A, 1);
        var both = one.With(B, 1);
        var other = VectorClock.Zero.With(B, 1);
        Assert.Equal(ClockOrder.Before, one.CompareTo(both));
        Assert.Equal(ClockOrder.After, both.CompareTo(one));
        Assert.Equal(ClockOrder.Concurrent, one.CompareTo(other));
        Assert.Equal(ClockOrder.Concurrent, other.CompareTo(one));
        Assert.Equal(ClockOrder.Equal, both.CompareTo(other.With(A, 1)));
    }

    [Fact]
    [Row("A2")]
    public void A_component_of_zero_is_no_component()
    {
        foreach (var zero in new[]
        {
            VectorClock.Of([KeyValuePair.Create(A, 0L)]),
            VectorClock.Zero.With(A, 5).With(A, 0),
        })
        {
            Assert.Equal(ClockOrder.Equal, zero.CompareTo(VectorClock.Zero));
            Assert.True(zero.Equals(VectorClock.Zero));
            Assert.Equal(VectorClock.Zero.GetHashCode(), zero.GetHashCode());
            Assert.Empty(zero.Components);
        }
    }

    [Theory]
    [Row("A3")]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(Dot.SeqMax + 1)]
    [InlineData(long.MaxValue)]
    public void A_component_out_of_bounds_is_refused(long seq)
    {
        Assert.Throws<ClockBoundsException>(() => VectorClock.Zero.With(A, seq));
        Assert.Throws<ClockBoundsException>(() => VectorClock.Of([KeyValuePair.Create(A, seq)]));
    }

    [Fact]
    [Row("A3")]
    public void Overflow_is_refused_and_changes_nothing()
    {
        var full = VectorClock.Zero.With(A, Dot.SeqMax);
        Assert.Throws<ClockBoundsException>(() => full.Increment(A));
        Assert.Equal(Dot.SeqMax, full.Get(A));
    }

    [Theory]
    [Row("A3")]
    [InlineData(0)]
    [InlineData(Did.KeyBytes - 1)]
    [InlineData(Did.KeyBytes + 1)]
    public void An_empty_or_over_long_author_cannot_name_a_component(int bytes) =>
        Assert.Throws<FormatException>(
            () => Did.FromKey(Enumerable.Repeat((byte)2, bytes).ToArray()));

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(new Replay(new Rnd(7), null)),
        Prop.ForAll(gen.ToArbitrary(), holds));
}
