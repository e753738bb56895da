using Gossip.Host.Commands;

namespace Gossip.Crash.Tests;

/// <summary>Do real nodes keep what they promised when they are killed under load?</summary>
public sealed class FewKillsTests : IDisposable
{
    private readonly DirectoryInfo _directory =
        Directory.CreateTempSubdirectory("gossip-crash-test-");

    private string Path => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    [Trait("Row", "A9")]
    [Trait("Row", "E2")]
    [Trait("Row", "G12")]
    public async Task Ten_kills_lose_repeat_and_invent_nothing()
    {
        var (report, story) = await RunAsync(new() { Kills = 10, Seed = 10, Directory = Path });
        Assert.True(report.IsFaultless, story);
        Assert.True(report is { Kills: 10, Nodes: 3, Void: false, Roots.Length: 3 }, story);
        Assert.True(report is { UnknownOutcomes: 0, Retried: > 0, Delivered: > 0 }, story);
        Assert.Equal(3, report.Logs);
        Assert.All(report.LogLines.Keys, kind => Assert.StartsWith("Information", kind));
    }

    [Fact]
    [Trait("Row", "G11")]
    public async Task What_a_peer_acknowledged_survives_the_loss_of_a_disk()
    {
        var (report, story) = await RunAsync(
            new() { Destroys = 4, Acks = 1, Seed = 11, Directory = Path });
        Assert.True(report.IsFaultless, story);
        Assert.True(report is { Destroys: 4, Void: false, Logs: 7 }, story);
    }

    [Fact]
    [Trait("Row", "G11")]
    public async Task What_no_peer_acknowledged_is_missed_when_a_disk_is_lost()
    {
        var (report, story) = await RunAsync(
            new() { Destroys = 2, Push = false, Seed = 12, Directory = Path });
        Assert.True(report is { Destroys: 2, Void: false, Lost: > 0 }, story);
        Assert.True(report is { Duplicates: 0, NumbersReused: 0, Phantoms: 0 }, story);
    }

    private async Task<(CrashReport Report, string Story)> RunAsync(CrashSettings settings)
    {
        using var notes = new StringWriter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var run = new CrashRun(
            settings, new Terminal(notes, notes, isJson: true), TimeProvider.System);
        var report = await run.RunAsync(destroyed: 0, deadline.Token);
        return (report, $"{report}\n{notes}\n{string.Join('\n', run.Oddities)}");
    }
}
