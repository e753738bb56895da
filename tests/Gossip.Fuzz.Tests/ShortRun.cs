using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Tests;

/// <summary>A loop in this process, with a folder for what it finds.</summary>
internal sealed class ShortRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gossip-fuzz-test-");

    public string Folder => _folder.FullName;

    public TargetReport Fuzz(Target target, long inputs, TimeSpan? time = null)
    {
        using var watchdog = new Watchdog(null, () => { });
        var settings = new LoopSettings(inputs, time ?? TimeSpan.MaxValue, 1, Folder);
        return new Loop(new(target, watchdog), settings).Run();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
