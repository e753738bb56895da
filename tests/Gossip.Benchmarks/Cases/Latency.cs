using System.Text.Json.Nodes;
using Gossip.Benchmarks.Cluster;
using Gossip.Benchmarks.Peers;

namespace Gossip.Benchmarks.Cases;

/// <summary>At a steady rate: how long from publish to delivery elsewhere?</summary>
internal sealed class Latency : ICase
{
    /// <summary>Nobody waits for an answer before the next is due.</summary>
    private const int Concurrency = 1024;

    /// <summary>At 200 a second what runs often is compiled once more for so long.</summary>
    private const double JitSeconds = 30;

    public async Task RunAsync(Settings settings, Report report)
    {
        using var cluster = await NodeCluster.StartAsync(settings);
        var load = new Load(cluster, settings);
        var work = new Work(settings.Concurrency ?? Concurrency);
        var warmUp = settings.WarmUp ?? JitSeconds;
        await load.RunAsync(work with { Seconds = warmUp / 2 });
        await load.RunAsync(work with { Seconds = warmUp / 2, Rate = settings.Rate });
        var peers = ComparisonPrograms.Of(settings);
        for (var i = 0; i < settings.Repetitions; i++)
        {
            var phase = await load.RunAsync(
                work with { Seconds = settings.Seconds, Rate = settings.Rate });
            var sorted = await load.LatenciesAsync();
            report.Add(Figures(settings, phase, sorted));
            await peers.RunAsync("w2", report, Percentile(sorted, 0.5), "p50_ms");
        }

        if (settings.IsProfiled)
        {
            await StageProfile.RunAsync(
                cluster,
                () => load.RunAsync(
                    work with { Seconds = settings.Seconds, Rate = settings.Rate }),
                report);
        }
    }

    private static JsonObject Figures(Settings settings, Phase phase, double[] sorted) => new()
    {
        ["case"] = "latency",
        ["nodes"] = settings.Nodes,
        ["size"] = settings.Size,
        ["rate"] = settings.Rate,
        ["p50_ms"] = Percentile(sorted, 0.5),
        ["p90_ms"] = Percentile(sorted, 0.9),
        ["p99_ms"] = Percentile(sorted, 0.99),
        ["max_ms"] = Percentile(sorted, 1),
        ["lost"] = phase.Lost,
        ["duplicates"] = phase.Duplicates,
        ["samples"] = sorted.Length,
        ["cpu_seconds_per_1000_deliveries"] = Math.Round(phase.CpuPer1000, 5),
        ["wire_bytes_per_delivery"] = Math.Round(phase.WirePerDelivery, 1),
        ["share_of_others"] = Math.Round(phase.Taken.ShareOfOthers, 3),
    };

    private static double Percentile(double[] sorted, double part) => sorted.Length == 0
        ? double.NaN
        : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))], 3);
}
