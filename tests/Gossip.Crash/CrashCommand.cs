using System.CommandLine;
using System.Text.Json;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>What can be asked on the command line, and how does it end?</summary>
internal static class CrashCommand
{
    /// <summary>
    /// The load was too low for kills to show anything: neither passed nor failed.
    /// </summary>
    private const int Void = 3;

    // Few, so that a control is quick; payloads that one node alone holds.
    private const int ControlKills = 3;
    private const int ControlPayloads = 20;
    private const int DestroysDefault = 100;

    private static readonly Option<int> Kills = Number("--kills", 200, 0, 100_000,
        "How many kills under load, each on its data again");

    private static readonly Option<int> Destroys = new("--destroy")
    {
        HelpName = "N",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "So many kills under load whose node loses its disk, every other one its key "
            + $"too; publishes wait for a peer. Without N: {DestroysDefault}. Then --kills is 0 "
            + "unless given.",
    };

    private static readonly Option<int> Nodes = Number("--nodes", 3, 2, CrashSettings.NodesMax,
        "How many node processes");

    private static readonly Option<int> Rate = Number("--rate", 100, 1, 100_000,
        "Payloads a second, over all nodes, beside the bursts to a node about to be killed");

    private static readonly Option<int> Seed = Number("--seed", 1, 0, int.MaxValue,
        "Decides whom to kill, and when");

    private static readonly Option<DirectoryInfo?> Keep = new("--keep")
    {
        HelpName = "DIR",
        Description = "Keep the nodes' data there: a directory that is empty or missing.",
    };

    private static readonly Option<bool> Control = new("--control")
    {
        Description = "Destroy acknowledged payloads on purpose: passes when they are missed. With "
            + "--destroy: no publish waits for a peer, and nobody pushes.",
    };

    private static readonly Option<bool> NoPush = new("--no-push")
    {
        Description = "Nodes do not push: what peers hold, they pulled.",
    };

    // Nodes live for seconds here, and inherit this: what serves a long run slows their start.
    private static readonly (string Name, string Value)[] ShortLives =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_CallCounting", "0"),
        ("DOTNET_gcConcurrent", "0"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        foreach (var (name, value) in ShortLives)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var root = new RootCommand(
            "Kills node processes under load and checks what they promised.\n\nExit codes: "
            + "0 passed, 1 failed, 2 usage, 3 void: too little load to show anything.")
        {
            Kills, Destroys, Nodes, Rate, Seed, Keep, Control, NoPush, CommandRun.Json,
        };
        ((Command)root).Does(RunAsync);
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0
            ? Terminal.Of(args.Contains(CommandRun.Json.Name)).Fail(CommandException.Usage(
                string.Join(" ", parsed.Errors.Select(error => error.Message))))
            : await parsed.InvokeAsync(new InvocationConfiguration
            {
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
            });
    }

    private static async Task<int> RunAsync(
        ParseResult result, Terminal terminal, CancellationToken stop)
    {
        var isControl = result.GetValue(Control);
        var keep = result.GetValue(Keep)?.FullName;
        if (Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any())
        {
            throw CommandException.Usage(
                $"--keep: {keep} is not empty; what an earlier run left would be a phantom.");
        }

        var destroys = result.GetResult(Destroys) is { } asked
            ? asked.Tokens.Count > 0 ? result.GetValue(Destroys) : DestroysDefault
            : 0;
        var isKillsGiven = result.GetResult(Kills) is { Implicit: false };
        var settings = new CrashSettings
        {
            Kills = isKillsGiven ? result.GetValue(Kills)
                : destroys > 0 ? 0
                : isControl ? ControlKills
                : result.GetValue(Kills),
            Destroys = destroys >= 0 ? destroys
                : throw CommandException.Usage($"--destroy: 0 or more, not {destroys}."),
            Acks = destroys > 0 && !isControl ? 1 : 0,
            Push = !result.GetValue(NoPush) && !(isControl && destroys > 0),
            Nodes = result.GetValue(Nodes),
            Rate = result.GetValue(Rate),
            Seed = result.GetValue(Seed),
            Directory = keep ?? Directory.CreateTempSubdirectory("gossip-crash-").FullName,
        };
        if (settings.KillsInAll == 0)
        {
            throw CommandException.Usage("Nothing to kill: --kills N or --destroy N, above 0.");
        }

        try
        {
            using var run = new CrashRun(settings, terminal, TimeProvider.System);
            try
            {
                var report = await run.RunAsync(
                    isControl && destroys == 0 ? ControlPayloads : 0, stop);
                terminal.Print(JsonSerializer.Serialize(report, CrashJson.Shared.CrashReport));
                return isControl ? JudgeControl(report, terminal) : Judge(report, terminal);
            }
            catch (CommandException e)
            {
                // A node that does not answer is a failure here, not an address to mend.
                throw CommandException.Failed(e.Code, e.Message);
            }
            finally
            {
                Explain(run, terminal);
            }
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(settings.Directory, recursive: true);
            }
        }
    }

    private static int Judge(CrashReport report, Terminal terminal)
    {
        terminal.Note(!report.IsFaultless ? "FAILED"
            : report.Void ? $"void: {report.Acknowledged} acknowledgements, or "
                + $"{report.KillsMidPublish} kills in the midst of a publish, are too few"
            : $"passed: {report.Kills} kills, {report.Destroys} destroyed disks, "
                + $"{report.Acknowledged} acknowledged, none lost");
        return !report.IsFaultless ? ExitCode.Failed
            : report.Void ? Void
            : ExitCode.Done;
    }

    private static int JudgeControl(CrashReport report, Terminal terminal)
    {
        var isSeen = report.Destroys > 0
            ? report.Lost > 0
            : report is { Lost: ControlPayloads, Forgotten: ControlPayloads };
        terminal.Note(isSeen
            ? $"the control failed, as it should: {report.Lost} lost"
            : $"the control was NOT noticed: {report.Lost} lost");
        return isSeen ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Explain(CrashRun run, Terminal terminal)
    {
        foreach (var line in run.Oddities)
        {
            terminal.Note(line);
        }
    }

    private static Option<int> Number(
        string name, int fallback, int min, int max, string description)
    {
        var option = new Option<int>(name)
        {
            HelpName = "N",
            DefaultValueFactory = _ => fallback,
            Description = $"{description}, {min} to {max}. Default: {fallback}.",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
            {
                result.AddError($"{name}: {min} to {max}, not {value}.");
            }
        });
        return option;
    }
}
