using Gossip.Adversary.Attacks;
using Gossip.Adversary.Sieges;
using Gossip.Host.Commands;

namespace Gossip.Adversary.Tests;

/// <summary>
/// A short siege of three kinds: is nothing lost? How much slower honest peers become is for a
/// machine that does nothing else, and for the command.
/// </summary>
public sealed class SiegeTests : IDisposable
{
    /// <summary>Thousands of slow requests, and a full store, take too long for a test.</summary>
    private static readonly string[] Short = ["flood", "half-open", "bombs"];

    private readonly DirectoryInfo _directory =
        Directory.CreateTempSubdirectory("gossip-siege-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    [Trait("Row", "D11")]
    [Trait("Row", "C8")]
    [Trait("Row", "C9")]
    public async Task Honest_users_lose_nothing_under_attack()
    {
        using var notes = new StringWriter();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        Attack[] attacks = [.. Attack.All.Where(a => Short.Contains(a.Name))];
        var run = new SiegeRun(
            new()
            {
                Attacks = attacks,
                Window = TimeSpan.FromSeconds(0.5),
                WarmUp = TimeSpan.FromSeconds(0.2),
                Deadline = TimeSpan.FromSeconds(60),
                Directory = _directory.FullName,
            },
            new Terminal(notes, notes, isJson: true),
            TimeProvider.System);
        var reports = new List<SiegeReport>();
        await foreach (var report in run.RunAsync(late.Token))
        {
            reports.Add(report);
        }

        Assert.Equal(attacks.Select(a => a.Name), reports.Select(r => r.Attack));
        Assert.All(reports, r => Assert.True(
            r is { Lost: 0, Published: > 0, Done: > 0, Attacked.Deliveries: > 0 },
            $"{r}\n{r.Attacked}\n{notes}"));
    }
}
