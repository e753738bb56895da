using Gossip.Adversary.Connections;

namespace Gossip.Adversary.Tests;

/// <summary>
/// Is whoever breaks a rule of the connection refused before one application byte of it is handled?
/// </summary>
[Trait("Row", "D1")]
[Trait("Row", "D9")]
[Trait("Row", "C7")]
[Trait("Row", "C9")]
public sealed class ConnectionTests(ConnectionTests.Run run) : IClassFixture<ConnectionTests.Run>
{
    private const int NegativeMin = 60;

    public static TheoryData<string> Names => [.. ConnectionRun.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_node_answers_as_it_must_and_goes_on(string name)
    {
        var verdict = run.Of(name);
        Assert.True(verdict.IsPassed, $"{verdict.How}: {string.Join("; ", verdict.Faults)}");
    }

    [Fact]
    public void There_are_enough_attacks_and_some_controls()
    {
        Assert.InRange(run.All.Count(v => v.IsNegative), NegativeMin, int.MaxValue);
        Assert.Contains(run.All, v => !v.IsNegative);
    }

    public sealed class Run : Verdicts
    {
        internal override async IAsyncEnumerable<Verdict> RunAsync()
        {
            await using var run = await ConnectionRun.BeginAsync();
            await foreach (var verdict in run.RunAsync(ConnectionRun.Cases))
            {
                yield return verdict;
            }
        }
    }
}
