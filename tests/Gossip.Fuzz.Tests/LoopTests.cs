using System.Diagnostics;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Tests;

/// <summary>Does the loop find what is there to be found, and show it at its smallest?</summary>
public sealed class LoopTests
{
    private const int Inputs = 150_000;

    [Fact]
    public void What_the_code_counts_leads_to_a_defect_and_to_the_least_that_shows_it()
    {
        using var run = new ShortRun();
        var report = run.Fuzz(new PlantedTarget(Fail, isCounted: true), Inputs);
        var finding = Assert.Single(report.Findings);
        Assert.Equal("ok"u8.ToArray(), File.ReadAllBytes(finding.File));
        Assert.Contains("InvalidOperationException", finding.Detail, StringComparison.Ordinal);
        Assert.EndsWith($"--replay {finding.File}", finding.Replay, StringComparison.Ordinal);
        Assert.Equal((1, 0), (report.Crashes, report.Overallocations));
        Assert.True(report.Edges > 1);
    }

    [Fact]
    public void Chance_alone_does_not_find_it()
    {
        using var run = new ShortRun();
        var blind = run.Fuzz(new PlantedTarget(Fail, isCounted: false), Inputs);
        Assert.True(blind.IsGood && blind.Edges == 0);
    }

    [Fact]
    public void Too_much_memory_is_a_finding()
    {
        using var run = new ShortRun();
        var report = run.Fuzz(new PlantedTarget(() => new byte[70_000], isCounted: true), Inputs);
        Assert.Equal(FailureKind.Allocation, Assert.Single(report.Findings).Kind);
        Assert.True(report.AllocationShareMax > 1, $"{report.AllocationShareMax}");
    }

    [Fact]
    public void The_watchdog_barks_when_an_input_takes_too_long_and_only_then()
    {
        using var barked = new ManualResetEventSlim();
        using var watchdog = new Watchdog(null, barked.Set);
        watchdog.Begin([1]);
        watchdog.End();
        Assert.False(barked.Wait(Watchdog.Limit * 1.5), "it barked at nothing");
        watchdog.Begin([2]);
        var asleep = Stopwatch.StartNew();
        while (!barked.IsSet && asleep.Elapsed < Watchdog.Limit * 60)
        {
            Thread.SpinWait(10_000);
        }

        Assert.True(barked.IsSet, "it slept");
    }

    private static object? Fail() => throw new InvalidOperationException("planted");
}
