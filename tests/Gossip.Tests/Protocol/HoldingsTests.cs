using System.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

public sealed class HoldingsTests
{
    [Fact]
    public void An_island_next_to_the_head_joins_it()
    {
        var held = Holdings.None.Add(1).Add(3).Add(5);
        Assert.Equal((1L, 5L), (held.Head, held.Last));
        held = held.Add(2);
        Assert.Equal(3, held.Head);
        held = held.Add(4);
        Assert.Equal(5, held.Head);
        Assert.True(held.Islands.IsEmpty);
    }

    [Fact]
    public void The_same_slots_have_one_spelling()
    {
        Assert.Equal(
            new Holdings(1, 5, IntervalSet.Of(new SeqRange(9, 9))),
            new Holdings(1, 2, IntervalSet.Of(new(1, 4), new(5, 5), new(9, 9))));
        Assert.Equal(Holdings.None, new Holdings(1, 0, IntervalSet.Empty));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_order_of_arrival_gives_the_same_holdings(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            long floor = random.Next(1, 6);
            var slots = Enumerable.Range(1, 20).Where(_ => random.Next(3) > 0)
                .Select(s => (long)s).ToArray();
            var start = new Holdings(floor, floor - 1, IntervalSet.Empty);
            var shuffled = slots.ToArray();
            random.Shuffle(shuffled);

            var held = shuffled.Aggregate(start, (h, s) => h.Add(s));

            Assert.Equal(slots.Aggregate(start, (h, s) => h.Add(s)), held);
            var kept = slots.Where(s => s >= floor).ToArray();
            Assert.Equal(kept, Enumerable.Range(0, 25).Select(s => (long)s).Where(held.Contains));
            Assert.Equal(kept.Length, held.Slots);
            Assert.Equal(kept.Length, held.Held.Slots);
            Assert.False(held.Contains(held.Head + 1));
            Assert.All(kept, s => Assert.True(held.Covered.Contains(s)));
            Assert.True(floor == 1 || held.Covered.Contains(floor - 1));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 1)]
    [InlineData(1, -1)]
    [InlineData(1, Dot.SeqMax + 1)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void Holdings_that_cannot_be_are_refused(long floor, long head)
    {
        Assert.Throws<FormatException>(() => new Holdings(floor, head, IntervalSet.Empty));
        // An island must not hide a bad head.
        Assert.Throws<FormatException>(() => new Holdings(floor, head, IntervalSet.UpTo(9)));
    }

    [Fact]
    public void Many_islands_below_the_head_cost_one_pass()
    {
        var islands = IntervalSet.Of(
            Enumerable.Range(1, 100_000).Select(i => new SeqRange(2L * i, 2L * i)));
        var watch = Stopwatch.StartNew();
        Assert.Equal(200_001, new Holdings(1, 200_001, islands).Head);
        // One pass takes milliseconds, a pass for each island takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Holdings_read_as_the_slots_they_can_serve()
    {
        Assert.Equal("nothing", Holdings.None.ToString());
        Assert.Equal("3–6, 9", new Holdings(3, 6, IntervalSet.Of(new SeqRange(9, 9))).ToString());
    }
}
