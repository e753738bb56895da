using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gossip.Fuzz.Loops;
using Gossip.Fuzz.Targets;

namespace Gossip.Fuzz.Commands;

/// <summary>What can be asked on the command line, and how does it end?</summary>
internal static class FuzzCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    private const string All = "all";

    private static readonly Option<string[]> Targets = new("--target")
    {
        HelpName = "T",
        Description = $"Which decoder; again for more, or '{All}'.",
        DefaultValueFactory = _ => [All],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<long> Inputs = new("--inputs")
    {
        HelpName = "N",
        Description = "How many inputs for each target.",
        DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<double?> Minutes = new("--minutes")
    {
        HelpName = "m",
        Description = "At most so long for each target; without --inputs as many as that takes.",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        HelpName = "S",
        Description = "Decides which inputs are made.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<DirectoryInfo> Findings = new("--findings")
    {
        HelpName = "DIR",
        Description = "Where inputs that fail are written.",
        DefaultValueFactory = _ => new("fuzz-findings"),
    };

    private static readonly Option<DirectoryInfo?> Keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Add the smallest inputs that showed something new to DIR/TARGET.txt; with "
            + "tests/Gossip.Fuzz/Seeds they are tried first from then on.",
    };

    private static readonly Option<FileInfo?> Replay = new("--replay")
    {
        HelpName = "FILE",
        Description = "Try this one input on the target, and tell what comes out.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object a line for each target.",
    };

    private static readonly Option<string?> Worker = new("--worker") { Hidden = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var names = AllTargets.Make().Select(target => target.Name).ToArray();
        var root = new RootCommand(
            "Feeds decoders with inputs that grow towards code not yet reached, and tells which of "
            + "them crash, hang longer than a second, or allocate too much. Targets: "
            + $"{string.Join(", ", names)}. Exit codes: 0 nothing found, 1 something found, "
            + "2 usage.")
        {
            Targets, Inputs, Minutes, Seed, Findings, Keep, Replay, Json, Worker,
        };
        Targets.AcceptOnlyFromAmong([All, .. names]);
        Inputs.Validators.Add(result => Require(result, result.GetValueOrDefault<long>() > 0));
        Minutes.Validators.Add(result => Require(result, result.GetValueOrDefault<double?>() > 0));
        root.SetAction((result, stop) => RunAsync(result, names, stop));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync();
        }

        await Console.Error.WriteLineAsync(
            string.Join(" ", parsed.Errors.Select(e => e.Message)) + " See --help.");
        return Usage;
    }

    private static async Task<int> RunAsync(
        ParseResult result, string[] names, CancellationToken stop)
    {
        var asked = result.GetValue(Targets)!;
        string[] targets = asked.Contains(All) ? names : asked;
        if (result.GetValue(Replay) is { } file)
        {
            return targets.Length == 1 && file.Exists
                ? ReplayOne(AllTargets.Find(targets[0])!, file)
                : Misused("--replay needs a file that exists, and one --target.");
        }

        var settings = Read(result);
        if (result.GetValue(Worker) is { } last)
        {
            return Processes.Work(targets[0], settings, last, result.GetValue(Keep)?.FullName);
        }

        using var processes = new Processes(settings, result.GetValue(Keep)?.FullName);
        await Console.Error.WriteLineAsync($"{processes.Blocks} blocks are counted.");
        var isGood = true;
        foreach (var target in targets)
        {
            var report = await processes.RunAsync(target, stop);
            isGood &= report.IsGood;
            Console.WriteLine(result.GetValue(Json) ? Shown.Json(report) : Shown.Text(report));
        }

        return isGood ? Done : Failed;
    }

    private static int ReplayOne(Target target, FileInfo file)
    {
        // It takes the time that it takes: whoever looks at a hang may wait, or attach.
        using var watchdog = new Watchdog(null, () => { });
        var input = File.ReadAllBytes(file.FullName);
        var trial = new Probe(target, watchdog).Try(input);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name}: {input.Length} bytes, {trial.Outcome}, {trial.Allocated} bytes "
            + $"allocated of {target.Allowance(input)} allowed, "
            + $"{Stopwatch.GetElapsedTime(0, trial.Ticks).TotalMilliseconds:0.0} ms"));
        var isSlow = Stopwatch.GetElapsedTime(0, trial.Ticks) > Watchdog.Limit;
        if (trial.Failure is not { } failure)
        {
            return isSlow ? Failed : Done;
        }

        Console.Error.WriteLine($"{failure.Kind}: {failure.Detail}");
        return Failed;
    }

    private static LoopSettings Read(ParseResult result)
    {
        var minutes = result.GetValue(Minutes);
        var isCounted = minutes is null || result.GetResult(Inputs) is { Implicit: false };
        return new(
            isCounted ? result.GetValue(Inputs) : long.MaxValue,
            minutes is { } limit ? TimeSpan.FromMinutes(limit) : TimeSpan.MaxValue,
            result.GetValue(Seed),
            result.GetValue(Findings)!.FullName);
    }

    private static void Require(System.CommandLine.Parsing.OptionResult result, bool isSound)
    {
        if (!isSound)
        {
            result.AddError($"{result.Option.Name} must be more than 0.");
        }
    }

    private static int Misused(string message)
    {
        Console.Error.WriteLine(message);
        return Usage;
    }
}
