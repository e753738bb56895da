using System.CommandLine;
using System.Text.Json;
using Gossip.Adversary.Connections;
using Gossip.Adversary.Replays;
using Gossip.Adversary.Wires;
using Gossip.Host.Commands;

namespace Gossip.Adversary;

/// <summary>What can be asked on the command line, and how does it end?</summary>
internal static class AdversaryCommand
{
    private static readonly Option<int> Entries = new("--entries")
    {
        HelpName = "N",
        DefaultValueFactory = _ => 50,
        Description = "That each node writes while it is recorded, 1 to 5000. Default: 50.",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "A modified client that breaks every rule, against real nodes on loopback.\n\n"
            + "Exit codes: 0 every attack failed, 1 one succeeded, 2 usage, 3 void: the run "
            + "shows nothing.")
        {
            new Command("connection", "Connections that must be refused before one application "
                + "byte is handled, and controls that must not.").Does(ConnectAsync),
            new Command("wire", "Lies of an accepted peer: forged senders, false entries and "
                + "proofs, absurd claims.").Does(LieAsync),
            new Command("replay", "Records a session of two honest nodes, and says all of it "
                + "again, in every other place and after restarts.") { Entries }.Does(ReplayAsync),
            SiegeCommand.Siege,
            SiegeCommand.AttackItself,
            CommandRun.Json,
        };
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

    private static async Task<int> ConnectAsync(
        ParseResult result, Terminal terminal, CancellationToken stop)
    {
        await using var run = await ConnectionRun.BeginAsync();
        return await TellAsync(run.RunAsync(ConnectionRun.Cases), terminal, stop);
    }

    private static async Task<int> LieAsync(
        ParseResult result, Terminal terminal, CancellationToken stop)
    {
        await using var run = await WireRun.BeginAsync();
        return await TellAsync(run.RunAsync(WireRun.Cases), terminal, stop);
    }

    private static Task<int> ReplayAsync(
        ParseResult result, Terminal terminal, CancellationToken stop) =>
        result.GetValue(Entries) is >= 1 and <= 5000 and var entries
            ? TellAsync(ReplayRun.RunAsync(entries), terminal, stop)
            : throw CommandException.Usage("--entries: 1 to 5000.");

    /// <summary>One line for each attack, and one that sums up.</summary>
    private static async Task<int> TellAsync(
        IAsyncEnumerable<Verdict> verdicts, Terminal terminal, CancellationToken stop)
    {
        var all = new List<Verdict>();
        await foreach (var verdict in verdicts.WithCancellation(stop))
        {
            all.Add(verdict);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(verdict, AdversaryJson.Shared.Verdict)
                : $"{(verdict.IsPassed ? "ok  " : "FAIL")} {verdict.Name}: {verdict.How} -> "
                    + $"{verdict.Seen}{string.Concat(verdict.Faults.Select(f => $"; {f}"))}");
        }

        var failed = all.Count(v => !v.IsPassed);
        terminal.Note($"{all.Count(v => v.IsNegative)} attacks and "
            + $"{all.Count(v => !v.IsNegative)} controls, {failed} not as they should be");
        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
