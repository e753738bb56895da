using System.CommandLine;

namespace Gossip.Host.Commands;

/// <summary>Runs a command's action: signals, errors and exit codes are the same for all.</summary>
internal static class CommandRun
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Results, errors and logs as JSON, one object a line.",
        Recursive = true,
    };

    public static Command Does(
        this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (result, _) =>
        {
            using var interrupt = new Interrupt();
            var terminal = Terminal.Of(result.GetValue(Json));
            try
            {
                return await action(result, terminal, interrupt.Token);
            }
            catch (CommandException failure)
            {
                return terminal.Fail(failure);
            }
            catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
            {
                return terminal.Fail(
                    CommandException.Failed("interrupted", "Interrupted before it was done."));
            }
        });
        return command;
    }
}
