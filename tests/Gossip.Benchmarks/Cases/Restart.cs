using Gossip.Benchmarks.Cluster;
using Gossip.Benchmarks.Worker;

namespace Gossip.Benchmarks.Cases;

/// <summary>A node that holds much is killed: how long until it is ready again?</summary>
internal sealed class Restart : ICase
{
    private const int Entries = 1_000_000;

    public async Task RunAsync(Settings settings, Report report)
    {
        using var cluster = await NodeCluster.StartAsync(settings with { Nodes = 1 });
        await cluster.EndAsync(0, isKilled: false);
        await StoreFiller.FillAsync(
            cluster.Nodes[0].Directory, settings.Count ?? Entries, settings.Size);
        var filled = await cluster.RestartAsync(0, 0);
        var load = new Load(cluster, settings);
        for (var i = 0; i < settings.Repetitions; i++)
        {
            await load.RunAsync(new Work(1) { Seconds = settings.WarmUpSeconds });
            var memoryBefore = Machine.MemoryBytes(cluster.Nodes[0].Id);
            await cluster.EndAsync(0, isKilled: true);
            var node = await cluster.RestartAsync(0, 0);
            var topic = await node.AskAsync("topic");
            report.Add(new()
            {
                ["case"] = "restart",
                ["entries"] = topic["entries"]!.GetValue<long>(),
                ["seconds"] = Math.Round(node.ReadySeconds, 3),
                ["cpu_seconds"] = Math.Round(node.ReadyCpuSeconds, 3),
                ["memory_bytes"] = Machine.MemoryBytes(node.Id),
                ["memory_bytes_before"] = memoryBefore,
                ["first_ready_seconds"] = Math.Round(filled.ReadySeconds, 3),
            });
        }
    }
}
