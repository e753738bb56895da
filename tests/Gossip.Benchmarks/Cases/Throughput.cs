using System.Text.Json.Nodes;
using Gossip.Benchmarks.Cluster;
using Gossip.Benchmarks.Peers;

namespace Gossip.Benchmarks.Cases;

/// <summary>How many payloads a second do all nodes have, and what does each cost?</summary>
internal sealed class Throughput : ICase
{
    /// <summary>The first after a start are slow, until the JIT is done: shown apart.</summary>
    private const int ColdPayloads = 20_000;

    /// <summary>As many as a node lets wait for their commit.</summary>
    private const int Concurrency = 8192;

    public async Task RunAsync(Settings settings, Report report)
    {
        using var cluster = await NodeCluster.StartAsync(settings);
        var load = new Load(cluster, settings);
        var flood = new Work(settings.Concurrency ?? Concurrency);
        var cold = await load.RunAsync(
            flood with { Count = Math.Min(ColdPayloads, settings.Count ?? ColdPayloads) });
        await load.RunAsync(flood with { Seconds = settings.WarmUpSeconds });

        var peers = ComparisonPrograms.Of(settings);
        for (var i = 0; i < settings.Repetitions; i++)
        {
            var phase = await load.RunAsync(flood with
            {
                Seconds = settings.Seconds,
                Count = settings.Count ?? int.MaxValue,
            });
            report.Add(await FiguresAsync(settings, cluster, cold, phase));
            await peers.RunAsync("w1", report, phase.PerSecond, "payloads_per_second");
        }

        if (settings.IsProfiled)
        {
            await StageProfile.RunAsync(
                cluster,
                () => load.RunAsync(flood with { Seconds = settings.Seconds }),
                report);
        }
    }

    private static async Task<JsonObject> FiguresAsync(
        Settings settings, NodeCluster cluster, Phase cold, Phase phase)
    {
        var topic = await cluster.Nodes[0].AskAsync("topic");
        return new()
        {
            ["case"] = "throughput",
            ["nodes"] = settings.Nodes,
            ["publishers"] = settings.Publishers,
            ["size"] = settings.Size,
            ["payloads_per_second"] = Math.Round(phase.PerSecond),
            ["cpu_seconds_per_1000_deliveries"] = Math.Round(phase.CpuPer1000, 5),
            ["wire_bytes_per_delivery"] = Math.Round(phase.WirePerDelivery, 1),
            ["lost"] = phase.Lost,
            ["duplicates"] = phase.Duplicates,
            ["payloads"] = phase.Published,
            ["seconds"] = Math.Round(phase.Seconds, 3),
            ["cold_payloads_per_second"] = Math.Round(cold.PerSecond),
            ["entries_stored"] = topic["entries"]!.GetValue<long>(),
            ["payloads_stored"] = topic["payloads"]!.GetValue<long>(),
            ["memory_bytes_max"] = cluster.Processes.Sum(Machine.MemoryBytesMax),
        };
    }
}
