using System.CommandLine;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip seed</c> and <c>gossip member</c>: a node from defaults, file, environment and flags.
/// </summary>
internal static class NodeCommand
{
    public static Command Create(NodeRole role, TimeProvider time)
    {
        var flags = new NodeFlags(role);

        // The demo's nodes must not outlive it, even when it is killed.
        var untilInputEnds = new Option<bool>("--until-input-ends") { Hidden = true };
        var command = new Command(role.Name, $"{role.Description}\n\n{ExitCode.Explanation}")
        {
            untilInputEnds,
        };
        flags.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            var configured = flags.Read(role, result).Checked();
            foreach (var note in configured.Notes)
            {
                terminal.Note(note);
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (result.GetValue(untilInputEnds))
            {
                _ = CancelAtInputEndAsync(ended);
            }

            var settings = NodeSettings.Of(configured.Settings) with
            {
                IsJson = result.GetValue(CommandRun.Json),
                KeyPassphrase = NodeKey.PassphraseOfEnvironment(),
            };
            return await NodeProcess.RunAsync(settings, terminal, time, ended.Token);
        });
    }

    private static async Task CancelAtInputEndAsync(CancellationTokenSource ended)
    {
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        await ended.CancelAsync();
    }
}
