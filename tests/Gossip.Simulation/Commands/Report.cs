using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation.Commands;

/// <summary>How did all the seeds end, in one JSON object?</summary>
public sealed class Report(Options options, Outcome[] outcomes, TimeSpan wall)
{
    private IEnumerable<Outcome> Failed => outcomes.Where(o => o.Failure is not null);

    /// <summary>
    /// Nothing failed; or, with a bug put in, something did. Seeds that are all void show nothing.
    /// </summary>
    public bool IsGood => !outcomes.Any(o => o.IsCrash)
        && outcomes.Any(o => o.Void is null)
        && (options.Mutation is null ? !Failed.Any() : Failed.Any());

    public void WriteFailures(TextWriter errors)
    {
        const int ShownMax = 20;
        const string Command = "dotnet run -c Release --project tests/Gossip.Simulation --";
        foreach (var outcome in Failed.Take(ShownMax))
        {
            var bug = options.Mutation is { } name ? $" --mutation {name}" : "";
            var which = $"--scenario {options.Scenario} --nodes {options.Nodes}{bug}";
            errors.WriteLine($"seed {outcome.Seed}: {outcome.Failure}");
            errors.WriteLine($"  replay: {Command} {which} "
                + $"--seeds {outcome.Seed}..{outcome.Seed} --trace");
            errors.WriteLine($"  shrink: {Command} {which} --shrink {outcome.Seed}");
        }

        foreach (var outcome in outcomes.Where(o => o.Void is not null).Take(ShownMax))
        {
            errors.WriteLine($"seed {outcome.Seed} is void: {outcome.Void}");
        }
    }

    public void Write(TextWriter output)
    {
        var virtualSeconds = outcomes.Sum(o => o.VirtualSeconds);
        var report = new JsonObject
        {
            ["scenario"] = options.Scenario,
            ["nodes"] = options.Nodes,
            ["seeds"] = outcomes.Length,
            ["failed_seeds"] = new JsonArray([.. Failed.Select(o => (JsonNode)o.Seed)]),
            ["void_seeds"] = new JsonArray(
                [.. outcomes.Where(o => o.Void is not null).Select(o => (JsonNode)o.Seed)]),
            ["virtual_seconds"] = Math.Round(virtualSeconds, 3),
            ["wall_seconds"] = Math.Round(wall.TotalSeconds, 3),
            ["times_real_time"] = Math.Round(virtualSeconds / wall.TotalSeconds, 1),
            ["processes"] = options.Processes,
            ["steps"] = outcomes.Sum(o => o.Steps),
            ["trace"] = TraceOfAll().ToString("x16", CultureInfo.InvariantCulture),
        };
        if (options.Mutation is not null)
        {
            report["mutation"] = options.Mutation;
            report["found_by_seed"] = Failed.FirstOrDefault()?.Seed;
            report["found_as"] = Failed.FirstOrDefault()?.Failure?.Split('\n')[0];
        }

        if (options.IsTwice)
        {
            report["played_twice"] = outcomes.Length;
        }

        if (outcomes.Any(o => o.IsCrash))
        {
            report["crashed_seeds"] = new JsonArray(
                [.. outcomes.Where(o => o.IsCrash).Select(o => (JsonNode)o.Seed)]);
        }

        AddFigures(report);
        if (options.IsTraced)
        {
            report["traces"] = new JsonObject(outcomes.Select(o => KeyValuePair.Create(
                o.Seed.ToString(CultureInfo.InvariantCulture),
                (JsonNode?)o.Trace.ToString("x16"))));
        }

        var json = new JsonSerializerOptions { WriteIndented = !options.IsJson };
        output.WriteLine(report.ToJsonString(json));
    }

    private void AddFigures(JsonObject report)
    {
        foreach (var figures in outcomes.SelectMany(o => o.Figures).GroupBy(f => f.Key))
        {
            var isMax = figures.Key.EndsWith("_max", StringComparison.Ordinal)
                || figures.Key.StartsWith("slowest_", StringComparison.Ordinal);
            report[figures.Key] = Math.Round(
                isMax ? figures.Max(f => f.Value) : figures.Sum(f => f.Value), 3);
        }

        report["sometimes"] = new JsonObject(
            from rarity in outcomes.SelectMany(o => o.Sometimes)
            group rarity.Value by rarity.Key into times
            orderby times.Key
            select KeyValuePair.Create(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(times.Key.ToString()),
                (JsonNode?)times.Sum()));
    }

    /// <summary>One hash over all traces, by seed: two runs can be told apart by it.</summary>
    private ulong TraceOfAll() =>
        outcomes.Aggregate(0UL, (hash, o) => (hash ^ o.Trace) * 0x100000001b3);
}
