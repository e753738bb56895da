using System.CommandLine;
using Gossip.Host.Api;
using Gossip.Host.Configuration;
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

            var settings = Start(configured.Settings, result.GetValue(CommandRun.Json));
            return await NodeProcess.RunAsync(settings, terminal, time, ended.Token);
        });
    }

    private static NodeSettings Start(Settings settings, bool isJson) =>
        ActorSource.NameTwice(settings.Actors) is { } twice
            ? throw CommandException.Usage(twice)
            : new(
                settings.Options,
                Loopback.Parse(settings.Api, out var reason)
                    ?? throw CommandException.Usage(reason),
                settings.Actors,
                isJson);

    private static async Task CancelAtInputEndAsync(CancellationTokenSource ended)
    {
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        await ended.CancelAsync();
    }
}
