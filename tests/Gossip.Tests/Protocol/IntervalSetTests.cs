using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>Does a set of ranges say the same as a plain set of numbers?</summary>
public sealed class IntervalSetTests
{
    private const int Universe = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_operation_agrees_with_a_plain_set(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var (a, plainA) = Draw(random);
            var (b, plainB) = Draw(random);
            var range = DrawRange(random);
            long first = random.Next(0, Universe), last = random.Next(0, Universe);
            var slots = random.Next(-1, Universe);

            Same(plainA, a);
            Same(plainA.Union(plainB), a.Union(b));
            Same(plainA.Except(plainB), a.Except(b));
            Same(plainA.Union(Slots(range)), a.Add(range));
            Same(plainA.Where(s => s >= first && s <= last), a.Within(first, last));
            Same(plainA.Take(slots), a.Take(slots));
            Assert.Equal(plainA.SetEquals(plainB), a.Equals(b));
            Assert.All(
                Enumerable.Range(-1, Universe + 5),
                s => Assert.Equal(plainA.Contains(s), a.Contains(s)));
        }
    }

    [Fact]
    public void The_ends_of_the_number_line_do_not_overflow()
    {
        var top = IntervalSet.Of(new SeqRange(5, 9), new SeqRange(Dot.SeqMax, Dot.SeqMax));
        Assert.Equal(top, top.Take(long.MaxValue));
        Assert.Equal(top, top.Within(long.MinValue, long.MaxValue));
        Assert.Equal(top, top.Add(new(Dot.SeqMax, Dot.SeqMax)));
        Assert.Equal(IntervalSet.UpTo(Dot.SeqMax), top.Add(new(1, Dot.SeqMax)));
        Assert.Equal(Dot.SeqMax, IntervalSet.UpTo(Dot.SeqMax).Slots);
        Assert.Equal(IntervalSet.Empty, top.Except(IntervalSet.UpTo(Dot.SeqMax)));
        Assert.False(top.Contains(long.MaxValue));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(-1, -1)]
    [InlineData(1, Dot.SeqMax + 1)]
    public void A_range_outside_the_slots_is_refused(long first, long last) =>
        Assert.Throws<FormatException>(() => new SeqRange(first, last));

    private static (IntervalSet Set, SortedSet<long> Plain) Draw(Random random)
    {
        var ranges = Enumerable.Range(0, random.Next(0, 8))
            .Select(_ => DrawRange(random)).ToArray();
        return (IntervalSet.Of(ranges), [.. ranges.SelectMany(Slots)]);
    }

    private static SeqRange DrawRange(Random random)
    {
        var first = random.Next(1, Universe);
        return new(first, Math.Min(Universe, first + random.Next(0, 5)));
    }

    private static IEnumerable<long> Slots(SeqRange range) =>
        Enumerable.Range((int)range.First, (int)range.Count).Select(s => (long)s);

    private static void Same(IEnumerable<long> plain, IntervalSet set)
    {
        var expected = new SortedSet<long>(plain);
        Assert.Equal(expected, set.SelectMany(Slots));
        Assert.Equal(expected.Count, set.Slots);
        Assert.Equal(expected.Count == 0 ? 0 : expected.Max, set.Last);
        Assert.Equal(expected.Count == 0, set.IsEmpty);
        // One spelling: no two ranges touch.
        Assert.All(
            set.Zip(set.Skip(1)),
            pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
        var rebuilt = IntervalSet.Of(expected.Select(s => new SeqRange(s, s)));
        Assert.Equal(rebuilt, set);
        Assert.Equal(rebuilt.GetHashCode(), set.GetHashCode());
    }
}
