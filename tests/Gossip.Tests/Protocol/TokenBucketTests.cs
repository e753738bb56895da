using FsCheck;
using FsCheck.Fluent;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>How much passes a bucket, and when?</summary>
[Row("D11")]
public sealed class TokenBucketTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_burst_passes_and_then_only_what_the_rate_brings()
    {
        var bucket = new TokenBucket(10, 20);
        Assert.Equal(20, bucket.Take(1000, Second));
        Assert.Equal(0, bucket.Take(1, Second));
        Assert.Equal(5, bucket.Take(1000, 1.5 * Second));
        Assert.Equal(20, bucket.Take(1000, 1000 * Second));
    }

    [Fact]
    public void A_silence_of_years_fills_it_once()
    {
        var bucket = new TokenBucket(1 << 30, 60L << 30);
        Assert.Equal(60L << 30, bucket.Take(long.MaxValue, TimeSpan.FromDays(10_000)));
        Assert.Equal(0, bucket.Take(1, TimeSpan.FromDays(10_000)));
        Assert.Equal(60L << 30, bucket.Take(long.MaxValue, TimeSpan.FromDays(20_000)));
    }

    [Fact]
    public void A_clock_that_goes_back_gives_nothing_twice()
    {
        var bucket = new TokenBucket(10, 10);
        Assert.Equal(10, bucket.Take(10, 10 * Second));
        Assert.Equal(0, bucket.Take(10, Second));
        Assert.Equal(0, bucket.Take(10, 10 * Second));
        Assert.Equal(10, bucket.Take(10, 11 * Second));
    }

    [Fact]
    public void What_is_owed_is_waited_for()
    {
        var bucket = new TokenBucket(100, 100);
        Assert.Equal(TimeSpan.Zero, bucket.Owe(100, Second));
        Assert.Equal(Second / 2, bucket.Owe(50, Second));
        Assert.Equal(Second, bucket.Owe(50, Second));
        Assert.Equal(TimeSpan.Zero, bucket.Owe(0, 2 * Second));
        Assert.Equal(Second / 100, bucket.Owe(1, 2 * Second));
    }

    [Fact]
    public void What_was_asked_for_last_second_counts_what_did_not_pass()
    {
        var bucket = new TokenBucket(10, 10);
        bucket.Take(70, Second);
        bucket.Take(7, 1.9 * Second);
        Assert.Equal(77, bucket.AskedPerSecond(2.5 * Second));
        Assert.Equal(0, bucket.AskedPerSecond(3.5 * Second));
    }

    [Fact]
    public void Never_more_than_the_burst_and_what_the_rate_brought()
    {
        var runs =
            from rate in Gen.Choose(1, 5000)
            from burst in Gen.Choose(1, 5000)
            from waits in Gen.Choose(0, 700).ArrayOf(20)
            from amounts in Gen.Choose(0, 2000).ArrayOf(20)
            select (rate, burst, steps: waits.Zip(amounts).ToArray());
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(runs.ToArbitrary(), run => Holds(run.rate, run.burst, run.steps)));
    }

    /// <summary>And whoever waits gets all of it again.</summary>
    private static bool Holds(int rate, int burst, (int Wait, int Amount)[] steps)
    {
        var bucket = new TokenBucket(rate, burst);
        var (now, taken, holds) = (TimeSpan.Zero, 0L, true);
        foreach (var (wait, amount) in steps)
        {
            now += TimeSpan.FromMilliseconds(wait);
            taken += bucket.Take(amount, now);
            holds &= taken <= burst + (decimal)now.Ticks * rate / TimeSpan.TicksPerSecond;
        }

        return holds && bucket.Take(burst, now + TimeSpan.FromDays(1)) == burst;
    }
}
