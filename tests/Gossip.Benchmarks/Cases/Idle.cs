using Gossip.Benchmarks.Cluster;

namespace Gossip.Benchmarks.Cases;

/// <summary>What does a cluster take that nobody uses?</summary>
internal sealed class Idle : ICase
{
    /// <summary>What a started node runs is compiled once more, in the background.</summary>
    private const double JitSeconds = 40;

    public async Task RunAsync(Settings settings, Report report)
    {
        using var cluster = await NodeCluster.StartAsync(settings);
        var untilRest = TimeSpan.FromSeconds(settings.WarmUp ?? JitSeconds);
        await Task.Delay(untilRest, TimeProvider.System);
        var each = cluster.Processes.Select(p => new Usage([p], TimeProvider.System)).ToArray();
        var all = new Usage(cluster.Processes, TimeProvider.System);
        await Task.Delay(TimeSpan.FromSeconds(settings.Seconds), TimeProvider.System);
        var taken = all.Stop();
        var links = settings.Nodes * (settings.Nodes - 1) / 2;
        report.Add(new()
        {
            ["case"] = "idle",
            ["nodes"] = settings.Nodes,
            ["seconds"] = Math.Round(taken.Seconds, 1),
            ["memory_bytes_per_node"] = cluster.Processes.Max(Machine.MemoryBytes),
            ["cpu_percent_per_node"] = Math.Round(
                100 * each.Max(u => u.Stop() is var t ? t.CpuSeconds / t.Seconds : 0), 2),
            ["idle_bytes_per_second"] = Math.Round(
                taken.WireBytes / taken.Seconds / Math.Max(1, links), 1),
        });
    }
}
