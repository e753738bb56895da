using Gossip.Simulation.Scenarios;
using Xunit.Abstractions;

namespace Gossip.Tests.Scenarios;

/// <summary>Does every rule hold in many seeded worlds? A failure names its seed.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    [Theory]
    [Row("A8")]
    [Row("G5")]
    [Row("G6")]
    [InlineData("faults", 5, 1, 1000)]
    [InlineData("lossy", 5, 1, 500)]
    [InlineData("fork", 5, 1, 60)]
    [InlineData("fork", 8, 61, 80)]
    [InlineData("stale", 5, 1, 60)]
    public void Many_seeds_all_converge(string scenario, int nodes, int first, int last)
    {
        var outcomes = Run(scenario, nodes, first, last);
        var failures = outcomes.Where(o => o.Failure is not null)
            .Select(o => $"{scenario}, {nodes} nodes, seed {o.Seed}: {o.Failure}")
            .ToArray();
        Assert.True(failures.Length == 0, string.Join('\n', failures));
    }

    [Theory]
    [Row("B3")]
    [InlineData(2, 100)]
    [InlineData(5, 100)]
    [InlineData(9, 50)]
    public void Rounds_alone_make_a_line_equal_within_its_bound(int nodes, int seeds)
    {
        var outcomes = Run("line", nodes, 1, seeds);
        Assert.All(outcomes, o => Assert.Null(o.Failure));
        var beyond = outcomes.Sum(o => o.Figures["beyond_bound"]);
        var longest = outcomes.Max(o => o.Figures["intervals_max"]);
        output.WriteLine($"{nodes} nodes: {longest} intervals at most");
        Assert.True(beyond <= seeds / 100.0, $"{beyond} of {seeds} seeds took too long");
    }

    [Theory]
    [InlineData("faults")]
    [InlineData("lossy")]
    [InlineData("fork")]
    public void The_same_seed_leaves_the_same_trace(string scenario)
    {
        var one = Scenario.All[scenario].Run(5, 11);
        var same = Scenario.All[scenario].Run(5, 11);
        var other = Scenario.All[scenario].Run(5, 12);
        Assert.Equal((one.Trace, one.Steps), (same.Trace, same.Steps));
        Assert.NotEqual(one.Trace, other.Trace);
    }

    private static Outcome[] Run(string scenario, int nodes, int first, int last)
    {
        var outcomes = new Outcome[last - first + 1];
        Parallel.For(
            0,
            outcomes.Length,
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            i => outcomes[i] = Scenario.All[scenario].Run(nodes, first + i));
        return outcomes;
    }
}
