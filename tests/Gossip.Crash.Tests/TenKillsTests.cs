using Gossip.Host.Commands;

namespace Gossip.Crash.Tests;

/// <summary>Do real nodes keep what they promised when they are killed under load?</summary>
public sealed class TenKillsTests : IDisposable
{
    private readonly DirectoryInfo _directory =
        Directory.CreateTempSubdirectory("gossip-crash-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    [Trait("Row", "A9")]
    [Trait("Row", "E2")]
    public async Task Ten_kills_lose_repeat_and_invent_nothing()
    {
        using var notes = new StringWriter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var run = new CrashRun(
            new() { Kills = 10, Seed = 10, Directory = _directory.FullName },
            new Terminal(notes, notes, isJson: true),
            TimeProvider.System);

        var report = await run.RunAsync(destroyed: 0, deadline.Token);

        var story = $"{report}\n{notes}\n{string.Join('\n', run.Oddities)}";
        Assert.True(report.IsFaultless, story);
        Assert.True(report is { Kills: 10, Nodes: 3, Void: false, Roots.Length: 3 }, story);
        Assert.True(run.Log.Alarms.Length == 0, story);
        Assert.Equal(3, report.Logs);
    }
}
