using System.Text.Json.Nodes;
using Gossip.Benchmarks.Cluster;
using Gossip.Benchmarks.Peers;

namespace Gossip.Benchmarks.Cases;

/// <summary>
/// A node was away while others wrote: how long from the launch of its process until a subscriber
/// in it has everything, and what does it cost all nodes together?
/// </summary>
internal sealed class CatchUp : ICase
{
    private const int Payloads = 100_000;

    /// <summary>Callers that each wait for their answer: payloads share entries.</summary>
    private const int Publishers = 200;

    public async Task RunAsync(Settings settings, Report report)
    {
        using var cluster = await NodeCluster.StartAsync(settings);
        var load = new Load(cluster, settings);
        var peers = ComparisonPrograms.Of(settings);
        var work = new Work(settings.IsOneByOne ? 1 : settings.Concurrency ?? Publishers);
        var away = cluster.Nodes.Count - 1;
        await load.RunAsync(work with { Seconds = settings.WarmUpSeconds });
        for (var i = 0; i < settings.Repetitions; i++)
        {
            await cluster.EndAsync(away, isKilled: false);
            var entries = await EntriesAsync(cluster);
            var written = await load.RunAsync(work with
            {
                Count = settings.Count ?? Payloads,
                Absent = cluster.Nodes[away],
            });
            entries = await EntriesAsync(cluster) - entries;
            var others = cluster.Nodes.Take(away).Select(n => n.Id);
            var usage = new Usage(others, TimeProvider.System);
            var back = await cluster.RestartAsync(away, load.Phase);
            var received = await ReceivedAsync(back, written.Published);
            var taken = usage.Stop();
            report.Add(Figures(settings, written, entries, back, taken, received));
            await peers.RunCatchUpAsync(report, settings.Count ?? Payloads, taken.Seconds);
            await cluster.ConnectedAsync();
        }
    }

    private static JsonObject Figures(
        Settings settings, Phase written, long entries, NodeProcess back, Taken taken,
        long received)
    {
        var cpu = Machine.CpuSeconds(back.Id);
        return new()
        {
            ["case"] = "catch-up",
            ["nodes"] = settings.Nodes,
            ["one_by_one"] = settings.IsOneByOne,
            ["entries"] = entries,
            ["payloads"] = written.Published,
            ["lost"] = written.Published - received,
            ["seconds"] = Math.Round(taken.Seconds, 3),
            ["wire_bytes"] = taken.WireBytes,
            ["payload_bytes"] = written.Published * settings.Size,
            ["cpu_seconds"] = Math.Round(taken.CpuSeconds + cpu, 3),
            ["ready_seconds"] = Math.Round(back.ReadySeconds, 3),
            ["ready_cpu_seconds"] = Math.Round(back.ReadyCpuSeconds, 3),
            ["others_cpu_seconds"] = Math.Round(taken.CpuSeconds, 3),
            ["memory_bytes_max"] = Machine.MemoryBytesMax(back.Id),
            ["written_per_second"] = Math.Round(written.PerSecond),
        };
    }

    private static async Task<long> EntriesAsync(NodeCluster cluster) =>
        (await cluster.Nodes[0].AskAsync("topic"))["entries"]!.GetValue<long>();

    private static async Task<long> ReceivedAsync(NodeProcess node, long published)
    {
        var received = 0L;
        await NodeCluster.UntilAsync(
            async () =>
            {
                received = (await node.AskAsync("poll"))["received"]!.GetValue<long>();
                return received == published;
            },
            TimeSpan.FromMinutes(3),
            "the node did not catch up");
        return received;
    }
}
