using Gossip.Fuzz.Loops;
using Gossip.Fuzz.Targets;

namespace Gossip.Fuzz.Tests;

/// <summary>Does a small run of each decoder, and every kept input, find nothing?</summary>
[Trait("Row", "C7")]
public sealed class TargetTests
{
    private const int Inputs = 2000;

    public static TheoryData<string> Targets => [.. AllTargets.Make().Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_decoder_refuses_in_its_own_words_and_stays_cheap(string name)
    {
        using var run = new ShortRun();
        var report = run.Fuzz(AllTargets.Find(name)!, Inputs);
        Assert.True(report.IsGood, string.Join('\n', report.Findings));
        Assert.True(report.Inputs >= Inputs, $"{report.Inputs} inputs");

        // A target whose every input ends alike tries nothing.
        Assert.InRange(report.Outcomes.Count, 2, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Kept_inputs_are_there_and_fit_the_tree(string name)
    {
        var kept = SeedFile.Read(name);
        Assert.NotEmpty(kept);
        Assert.InRange(kept.Sum(input => input.Length), 1, 12 * 1024);
    }
}
