using Gossip.Simulation;
using Gossip.Simulation.Scenarios;
using Gossip.Simulation.Scripts;
using Xunit.Abstractions;

namespace Gossip.Tests.Scenarios;

/// <summary>Is a bug that was put in on purpose found, and its schedule made small?</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int SeedsMax = 1000;

    public static TheoryData<string> Mutations => [.. Mutation.All.Keys];

    [Theory]
    [Row("G2")]
    [MemberData(nameof(Mutations))]
    public void A_bug_is_found_within_a_thousand_seeds(string mutation)
    {
        var scenario = Scenario.All["faults"];
        var found = Enumerable.Range(1, SeedsMax)
            .Select(seed => scenario.Run(5, seed, Mutation.All[mutation]))
            .FirstOrDefault(outcome => outcome.Failure is not null);
        Assert.NotNull(found);
        output.WriteLine($"{mutation}: seed {found.Seed}, {found.Failure}");

        // It is the bug that fails, not the seed.
        Assert.Null(scenario.Run(5, found.Seed).Failure);
    }

    [Fact]
    [Row("G2")]
    public void What_is_left_of_a_failing_schedule_is_short_and_fails_again()
    {
        var mutation = Mutation.All["possession-before-commit"];
        var script = ((FaultMix)Scenario.All["faults"]).ScriptOf(5, 1);
        var shrunk = new Shrinker(mutation, output.WriteLine, triesMax: 300).Shrink(script);
        Assert.NotNull(shrunk);
        Assert.True(script.Acts.Length > 50, "there was little to shrink");
        Assert.True(shrunk.Script.Acts.Length <= 8, string.Join('\n', shrunk.Script.Lines));

        // As text it is the same script: whoever gets it can play it.
        var again = Script.Parse(string.Join('\n', shrunk.Script.Lines).Split('\n'));
        Assert.Equal(shrunk.Failure, Scenario.FailureOf(() => again.Play(mutation)));
        Assert.Null(Scenario.FailureOf(() => again.Play()));
    }

    [Fact]
    public void A_schedule_that_holds_is_not_shrunk()
    {
        var script = Script.Parse(["nodes 2", "start all", "run 1s", "settle"]);
        Assert.Null(new Shrinker(Mutation.None, output.WriteLine).Shrink(script));
    }
}
