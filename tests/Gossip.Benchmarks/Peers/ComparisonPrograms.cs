using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Gossip.Benchmarks.Peers;

/// <summary>
/// What others do with the same workload, right after we did it: programs in a folder that the
/// command line names. Each is run as <c>one.sh SCRIPT key=value…</c> and prints one JSON line.
/// </summary>
internal sealed class ComparisonPrograms(string? folder, IReadOnlyList<string> against)
{
    /// <summary>Enough that the fastest takes most of a second.</summary>
    private const int Payloads = 100_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Names that people know, as the programs know them.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["nats"] = "nats-core",
        ["jetstream"] = "nats-js3",
    };

    public static ComparisonPrograms Of(Settings settings) =>
        new(settings.Peers, settings.Against);

    /// <summary>Messages per second and percentiles: workloads w1 and w2.</summary>
    public async Task RunAsync(string workload, Report report, double ours, string figure)
    {
        foreach (var peer in folder is null ? [] : against.Select(Name))
        {
            var said = await RunAsync(
                [
                    "bench.mjs", $"peer={peer}", $"wl={workload}", "reps=1",
                    .. workload == "w1" ? [$"count={Payloads}"] : Array.Empty<string>(),
                ]);
            var theirs = workload == "w1"
                ? said["median"]?["msgs_per_s"]?.GetValue<double?>()
                : said["lat_ms"]?["p50"]?.GetValue<double?>();
            report.Add(new()
            {
                ["case"] = "peer",
                ["peer"] = peer,
                ["workload"] = workload,
                ["figure"] = figure,
                ["theirs"] = theirs,
                ["ours"] = Math.Round(ours, 3),
                ["ratio"] = theirs is > 0 ? Math.Round(ours / theirs.Value, 3) : null,
                ["p99_ms"] = said["lat_ms"]?["p99"]?.DeepClone(),
                ["cpu_seconds_per_1000_deliveries"] =
                    said["median"]?["cpu_s_per_1k_deliveries"]?.DeepClone(),
                ["wire_bytes_per_delivery"] =
                    said["median"]?["lo_bytes_per_delivery"]?.DeepClone(),
                ["error"] = said["error"]?.DeepClone(),
            });
        }
    }

    /// <summary>A member that was away comes back: workload w4.</summary>
    public async Task RunCatchUpAsync(Report report, int count, double ours)
    {
        foreach (var peer in folder is null ? [] : against.Select(Name))
        {
            var said = await RunAsync("w4.mjs", $"peer={peer}", "kind=replica", $"count={count}");
            var rejoin = said["rejoin"];
            var theirs = rejoin?["secs"]?.GetValue<double?>();
            report.Add(new()
            {
                ["case"] = "peer",
                ["peer"] = peer,
                ["workload"] = "w4",
                ["figure"] = "seconds",
                ["theirs"] = theirs,
                ["ours"] = Math.Round(ours, 3),
                ["ratio"] = theirs is > 0 ? Math.Round(ours / theirs.Value, 3) : null,
                ["wire_bytes"] = rejoin?["bytes"]?.DeepClone(),
                ["cpu_seconds"] = rejoin?["cpu_s"]?.DeepClone(),
                ["error"] = said["error"]?.DeepClone(),
            });
        }
    }

    private async Task<JsonObject> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(folder!, "one.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = run.StandardError.ReadToEndAsync();
        await run.WaitForExitAsync().WaitAsync(Deadline);
        var line = (await output).Split('\n').LastOrDefault(l => l.StartsWith('{'));
        return line is null
            ? new() { ["error"] = $"no figures: {(await errors).Trim()}" }
            : JsonNode.Parse(line)!.AsObject();
    }

    private static string Name(string peer) => Names.GetValueOrDefault(peer, peer);
}
