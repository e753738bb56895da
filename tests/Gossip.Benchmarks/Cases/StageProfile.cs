using System.Text.Json.Nodes;
using Gossip.Benchmarks.Cluster;

namespace Gossip.Benchmarks.Cases;

/// <summary>
/// Where does the CPU of a phase go? Microseconds per payload at the publisher, and at each of the
/// others, by stage. Measuring takes a little itself, so these figures are of a phase of its own.
/// </summary>
internal static class StageProfile
{
    public static async Task RunAsync(
        NodeCluster cluster, Func<Task<Phase>> runAsync, Report report)
    {
        await cluster.AskAllAsync("profile");
        var before = await cluster.AskAllAsync("stages");
        var cpuBefore = cluster.Processes.Select(Machine.CpuSeconds).ToArray();
        var phase = await runAsync();
        var after = await cluster.AskAllAsync("stages");
        var cpu = cluster.Processes.Select(Machine.CpuSeconds).Zip(cpuBefore, (a, b) => a - b)
            .ToArray();
        var taken = after.Zip(before, Subtract).ToArray();
        report.Add(Figures("publisher", phase, cpu[..1], taken[..1]));
        report.Add(Figures("others", phase, cpu[1..], taken[1..]));
        report.Add(Bytes(phase, await cluster.Nodes[0].AskAsync("topic")));
    }

    private static JsonObject Figures(
        string role, Phase phase, double[] cpu, Dictionary<string, double>[] taken)
    {
        var figures = new JsonObject
        {
            ["case"] = "profile",
            ["role"] = role,
            ["payloads_per_second"] = Math.Round(phase.PerSecond),
            ["unit"] = "microseconds of CPU per payload and node",
            ["all"] = Per(phase, cpu.Average()),
        };
        var rest = cpu.Average();
        foreach (var stage in taken[0].Keys.Where(s => s is not ("Other" or "GcPauses")))
        {
            var seconds = taken.Average(t => t[stage]);
            rest -= seconds;
            figures[Name(stage)] = Per(phase, seconds);
        }

        figures["other"] = Per(phase, rest);
        figures["gc_pauses_included"] = Per(phase, taken.Average(t => t["GcPauses"]));
        return figures;
    }

    /// <summary>Of each remote delivery; entries' headers and signatures are the store's.</summary>
    private static JsonObject Bytes(Phase phase, JsonObject topic)
    {
        var payloads = topic["payloads"]!.GetValue<double>();
        var stored = topic["bytes"]!.GetValue<double>() / payloads;
        return new()
        {
            ["case"] = "profile",
            ["role"] = "wire",
            ["unit"] = "bytes per remote delivery",
            ["all"] = Math.Round(phase.WirePerDelivery, 1),
            ["entries"] = Math.Round(stored, 1),
            ["frames_tls_tcp_control"] = Math.Round(phase.WirePerDelivery - stored, 1),
            ["payloads_per_entry"] = Math.Round(
                payloads / topic["entries"]!.GetValue<double>(), 1),
        };
    }

    private static Dictionary<string, double> Subtract(JsonObject after, JsonObject before) =>
        after.ToDictionary(
            s => s.Key,
            s => s.Value!.GetValue<double>() - before[s.Key]!.GetValue<double>());

    private static double Per(Phase phase, double seconds) =>
        Math.Round(seconds * 1e6 / phase.Published, 3);

    private static string Name(string stage) => stage.ToLowerInvariant();
}
