using Gossip.Adversary.Replays;

namespace Gossip.Adversary.Tests;

/// <summary>Does anything that was once said do anything when it is said again?</summary>
[Trait("Row", "D4")]
public sealed class ReplayTests
{
    private const int EntriesOfEach = 20;

    [Fact]
    public async Task A_whole_session_said_again_anywhere_changes_nothing()
    {
        var verdicts = new List<Verdict>();
        await foreach (var verdict in ReplayRun.RunAsync(EntriesOfEach))
        {
            verdicts.Add(verdict);
        }

        Assert.True(verdicts.All(v => v.IsPassed), string.Join('\n', verdicts
            .Where(v => !v.IsPassed)
            .Select(v => $"{v.Name}: {string.Join("; ", v.Faults)}")));
        Assert.Contains(verdicts, v => !v.IsNegative);
    }
}
