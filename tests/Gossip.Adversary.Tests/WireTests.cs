using Gossip.Adversary.Wires;

namespace Gossip.Adversary.Tests;

/// <summary>Does an accepted peer that lies change anything but its own standing?</summary>
[Trait("Row", "A3")]
[Trait("Row", "D2")]
[Trait("Row", "D3")]
[Trait("Row", "D8")]
[Trait("Row", "D9")]
public sealed class WireTests(WireTests.Run run) : IClassFixture<WireTests.Run>
{
    public static TheoryData<string> Names => [.. WireRun.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_lie_is_refused_and_the_truth_is_taken(string name)
    {
        var verdict = run.Of(name);
        Assert.True(verdict.IsPassed, $"{verdict.How}: {string.Join("; ", verdict.Faults)}");
    }

    public sealed class Run : Verdicts
    {
        internal override async IAsyncEnumerable<Verdict> RunAsync()
        {
            await using var run = await WireRun.BeginAsync();
            await foreach (var verdict in run.RunAsync(WireRun.Cases))
            {
                yield return verdict;
            }
        }
    }
}
