using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation;

/// <summary>Which scenario with which seeds? Prints figures; exit 1 when a seed failed.</summary>
public static class CommandLine
{
    private const string Usage =
        "usage: --scenario faults|lossy|line|fork|stale [--nodes N] [--seeds A..B] [--threads T] "
        + "[--trace] [--json]";

    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (!TryRead(args, out var options, out var reason))
        {
            errors.WriteLine($"{reason}\n{Usage}");
            return 2;
        }

        var watch = Stopwatch.StartNew();
        var outcomes = new Outcome[options.Last - options.First + 1];
        Parallel.For(
            options.First,
            options.Last + 1,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
            seed => outcomes[seed - options.First] =
                Scenario.All[options.Scenario].Run(options.Nodes, seed));
        Report(options, outcomes, watch.Elapsed, output, errors);
        return outcomes.Any(o => o.Failure is not null) ? 1 : 0;
    }

    private static void Report(
        Options options, Outcome[] outcomes, TimeSpan wall, TextWriter output, TextWriter errors)
    {
        foreach (var outcome in outcomes.Where(o => o.Failure is not null))
        {
            errors.WriteLine(
                $"seed {outcome.Seed}: {outcome.Failure}\n  replay: dotnet run -c Release "
                + $"--project tests/Gossip.Simulation -- --scenario {options.Scenario} "
                + $"--nodes {options.Nodes} --seeds {outcome.Seed}..{outcome.Seed} --trace");
        }

        var report = new JsonObject
        {
            ["scenario"] = options.Scenario,
            ["nodes"] = options.Nodes,
            ["seeds"] = outcomes.Length,
            ["failed_seeds"] = new JsonArray(
                [.. outcomes.Where(o => o.Failure is not null).Select(o => (JsonNode)o.Seed)]),
            ["virtual_seconds"] = Math.Round(outcomes.Sum(o => o.Virtual.TotalSeconds), 3),
            ["wall_seconds"] = Math.Round(wall.TotalSeconds, 3),
            ["steps"] = outcomes.Sum(o => o.Steps),
        };
        foreach (var figures in outcomes.SelectMany(o => o.Figures).GroupBy(f => f.Key))
        {
            var isMax = figures.Key.EndsWith("_max", StringComparison.Ordinal);
            report[figures.Key] = Math.Round(
                isMax ? figures.Max(f => f.Value) : figures.Sum(f => f.Value), 3);
        }

        if (options.IsTraced)
        {
            report["traces"] = new JsonObject(outcomes.Select(o => KeyValuePair.Create(
                o.Seed.ToString(CultureInfo.InvariantCulture),
                (JsonNode?)o.Trace.ToString("x16"))));
        }

        var json = new JsonSerializerOptions { WriteIndented = !options.IsJson };
        output.WriteLine(report.ToJsonString(json));
    }

    private static bool TryRead(string[] args, out Options options, out string reason)
    {
        options = new("faults", 5, 1, 100, Environment.ProcessorCount, false, false);
        reason = "";
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--json":
                    options = options with { IsJson = true };
                    continue;
                case "--trace":
                    options = options with { IsTraced = true };
                    continue;
                case "--scenario" when Scenario.All.ContainsKey(value):
                    options = options with { Scenario = value };
                    break;
                case "--nodes" when Number(value) is >= 2 and <= 1000 and var nodes:
                    options = options with { Nodes = nodes };
                    break;
                case "--threads" when Number(value) is >= 1 and <= 64 and var threads:
                    options = options with { Threads = threads };
                    break;
                case "--seeds" when value.Split("..") is [var first, var last]
                    && Number(first) is var from && Number(last) is var to
                    && from >= 0 && to >= from && to < int.MaxValue:
                    options = options with { First = from, Last = to };
                    break;
                default:
                    reason = $"not understood: {args[i]} {value}";
                    return false;
            }

            i++;
        }

        return true;
    }

    /// <summary>-1 for what is no number.</summary>
    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    private sealed record Options(
        string Scenario, int Nodes, int First, int Last, int Threads, bool IsTraced, bool IsJson);
}
