using System.Text.Json.Nodes;
using Gossip.Simulation;
using Gossip.Simulation.Commands;
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
    [InlineData("lossy", 5, 1, 200)]
    [InlineData("links", 5, 1, 200)]
    [InlineData("fork", 5, 1, 60)]
    [InlineData("fork", 8, 61, 80)]
    [InlineData("stale", 5, 1, 60)]
    [InlineData("two-faced", 5, 1, 40)]
    [InlineData("two-faced", 25, 1, 2)]
    [InlineData("stale-restore", 5, 1, 60)]
    [InlineData("policy", 5, 1, 40)]
    [InlineData("forgetting", 5, 1, 12)]
    public void Many_seeds_all_converge(string scenario, int nodes, int first, int last) =>
        AssertHeld(scenario, nodes, Run(scenario, nodes, first, last));

    [Fact]
    [Row("A8")]
    [Row("G2")]
    public void A_thousand_seeds_of_the_fault_mix_hold_and_meet_every_rarity()
    {
        var outcomes = Run("faults", 5, 1, 1000);
        AssertHeld("faults", 5, outcomes);
        var reached = outcomes.SelectMany(o => o.Sometimes.Keys).ToHashSet();
        Assert.Empty(Enum.GetValues<Rarity>().Except(reached));
        output.WriteLine($"{outcomes.Sum(o => o.VirtualSeconds):0} virtual seconds");
    }

    [Fact]
    [Row("G2")]
    public void Every_seed_that_ever_failed_holds() =>
        Assert.All(KeptSeed.All, kept => Assert.Null(kept.Run().Failure));

    private static void AssertHeld(string scenario, int nodes, Outcome[] outcomes)
    {
        var failures = outcomes.Where(o => o.Failure is not null)
            .Select(o => $"{scenario}, {nodes} nodes, seed {o.Seed}: {o.Failure}")
            .ToArray();
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        var isVoid = outcomes.Where(o => o.Void is not null).ToArray();
        Assert.True(
            isVoid.Length * 10 <= outcomes.Length,
            $"{scenario}: {isVoid.Length} of {outcomes.Length} seeds are void: "
            + isVoid.FirstOrDefault()?.Void);
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
    [Row("G2")]
    [InlineData("faults", 40)]
    [InlineData("lossy", 5)]
    [InlineData("fork", 5)]
    [InlineData("stale", 5)]
    [InlineData("two-faced", 8)]
    [InlineData("stale-restore", 6)]
    public void The_same_seed_leaves_the_same_trace(string scenario, int seeds)
    {
        var ones = Run(scenario, 5, 1, seeds).Select(o => (o.Trace, o.Steps)).ToArray();
        var others = Run(scenario, 5, 1, seeds).Select(o => (o.Trace, o.Steps));
        Assert.Equal(ones, others);
        Assert.Equal(seeds, ones.Distinct().Count());
    }

    [Fact]
    [Row("G2")]
    public void Seeds_in_which_nothing_happened_are_named_and_show_nothing()
    {
        using var output = new StringWriter();
        var nothing = new Outcome { Seed = 7, Void = "no author was seen to fork" };
        var report = new Report(new(), [nothing], TimeSpan.FromSeconds(1));
        report.Write(output);
        Assert.False(report.IsGood);
        Assert.Equal(7, (int)JsonNode.Parse(output.ToString())!["void_seeds"]![0]!);
        Assert.True(new Report(new(), [nothing, new() { Seed = 8 }], TimeSpan.Zero).IsGood);
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
