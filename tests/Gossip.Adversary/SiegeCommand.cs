using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Adversary.Attacks;
using Gossip.Adversary.Sieges;
using Gossip.Host.Commands;

namespace Gossip.Adversary;

/// <summary>How is a siege asked for, and how is it told?</summary>
internal static class SiegeCommand
{
    /// <summary>Too busy a machine, or too weak an attack: neither passed nor failed.</summary>
    private const int Void = 3;

    private static readonly TimeSpan BeginTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly Option<string[]> Names = new("--attack")
    {
        HelpName = "NAME",
        Description = $"Only this one; may be repeated: {Known}. Default: all.",
    };

    private static readonly Option<int> Seconds = new("--seconds")
    {
        HelpName = "N",
        DefaultValueFactory = _ => 20,
        Description = "Of each window, one under the control and one under the attack, 1 to 600. "
            + "Default: 20.",
    };

    private static readonly Option<int> Rate = new("--rate")
    {
        HelpName = "N",
        DefaultValueFactory = _ => 100,
        Description = "Honest payloads a second, over all nodes, 1 to 10000. Default: 100.",
    };

    private static string Known => string.Join(", ", Attack.All.Select(a => a.Name));

    public static Command Siege => new Command(
        "siege",
        "Attacks one node of three that serve honest users, each attack beside a control that "
        + "takes the same half core without connecting.") { Names, Seconds, Rate }.Does(RunAsync);

    /// <summary>What the attacker's own process runs.</summary>
    public static Command AttackItself
    {
        get
        {
            var (name, target) = (new Argument<string>("name"), new Argument<string>("target"));
            var (api, seconds) = (new Argument<string>("api"), new Argument<double>("seconds"));
            return new Command("attack") { name, target, api, seconds }.Hide().Does(
                (result, terminal, stop) => AttackAsync(
                    result.GetValue(name)!,
                    result.GetValue(target)!,
                    new(result.GetValue(api)!),
                    TimeSpan.FromSeconds(result.GetValue(seconds)),
                    terminal,
                    stop));
        }
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, Terminal terminal, CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("gossip-siege-");
        try
        {
            var run = new SiegeRun(Settings(result, directory.FullName), terminal,
                TimeProvider.System);
            var reports = new List<SiegeReport>();
            await foreach (var report in run.RunAsync(stop))
            {
                reports.Add(report);
                if (terminal.IsJson)
                {
                    terminal.Print(JsonSerializer.Serialize(
                        report, AdversaryJson.Shared.SiegeReport));
                }
            }

            Tell(reports, terminal);
            return reports.Any(r => r is { IsVoid: false, IsPassed: false }) ? ExitCode.Failed
                : reports.Any(r => r.IsVoid) ? Void
                : ExitCode.Done;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static SiegeSettings Settings(ParseResult result, string directory)
    {
        var names = result.GetValue(Names) ?? [];
        var unknown = names.Except(Attack.All.Select(a => a.Name)).ToArray();
        return (unknown, result.GetValue(Seconds), result.GetValue(Rate)) switch
        {
            ({ Length: > 0 }, _, _) => throw CommandException.Usage(
                $"--attack: no '{unknown[0]}'; known: {Known}."),
            (_, < 1 or > 600, _) => throw CommandException.Usage("--seconds: 1 to 600."),
            (_, _, < 1 or > 10_000) => throw CommandException.Usage("--rate: 1 to 10000."),
            (_, var seconds, var rate) => new()
            {
                Attacks = [.. Attack.All.Where(a => names.Length == 0 || names.Contains(a.Name))],
                Window = TimeSpan.FromSeconds(seconds),
                Rate = rate,
                Directory = directory,
            },
        };
    }

    private static void Tell(List<SiegeReport> reports, Terminal terminal)
    {
        if (!terminal.IsJson)
        {
            terminal.Table(
                ["attack", "p99", "control", "ratio", "lost", "handshake", "api", "grew", "done"],
                reports.Select(r => new[]
                {
                    r.Attack, Number(r.Attacked.P99Ms), Number(r.Control.P99Ms), Number(r.Ratio),
                    $"{r.Lost}", Number(r.Attacked.HandshakeP99Ms), Number(r.Attacked.ApiP99Ms),
                    $"{r.RssGrowthBytes >> 20} MiB", $"{r.Done}",
                }));
        }

        foreach (var report in reports)
        {
            var verdict = report.IsVoid ? $"void: {string.Join("; ", report.Void)}"
                : report.IsPassed ? "passed"
                : $"FAILED: {string.Join("; ", report.Missed)}";
            terminal.Note($"{report.Attack} ({report.How}): {verdict}");
        }
    }

    private static async Task<int> AttackAsync(
        string name, string target, Uri api, TimeSpan duration, Terminal terminal,
        CancellationToken stop)
    {
        var attack = Attack.All.Append(Attack.Burn).Single(a => a.Name == name);
        var pace = new Pace(SiegeSettings.Cores, TimeProvider.System);
        var order = new AttackOrder(target, api, pace);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // Where the CPU is scarce it never has to wait for its pace, and would not return.
        var running = Task.Run(() => attack.RunAsync(order, over.Token), stop);
        await BegunAsync(order, stop);
        over.CancelAfter(duration);
        await running;
        terminal.Print(JsonSerializer.Serialize(
            new AttackOutcome(order.Done, Math.Round(pace.Used.TotalSeconds, 2)),
            AdversaryJson.Shared.AttackOutcome));
        return ExitCode.Done;
    }

    /// <summary>Its time runs from the first thing it did; it must do one in good time.</summary>
    private static async Task BegunAsync(AttackOrder order, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (order.Done == 0 && TimeProvider.System.GetElapsedTime(started) < BeginTimeout)
        {
            await Task.Delay(Pause, TimeProvider.System, stop);
        }
    }

    private static string Number(double value) =>
        value.ToString("F1", CultureInfo.InvariantCulture);
}
