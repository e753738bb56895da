using System.CommandLine;
using Gossip.Actors.Protocol;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary><c>gossip key</c>: who a data directory's node is, without running it.</summary>
internal static class KeyCommand
{
    public static Command Create()
    {
        var command = new Command("key",
            $"Prints the DID of a data directory's key; exit 1 when it has none.\n\n"
            + ExitCode.Explanation);
        var data = Data();
        command.Options.Add(data);
        command.Subcommands.Add(New());
        return command.Does((result, terminal, _) =>
        {
            var directory = result.GetValue(data)!;
            Print(terminal, NodeKey.Find(directory) ?? throw CommandException.Failed("key-missing",
                $"No key in {directory}; make one with: gossip key new --data {directory}"));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command New()
    {
        var data = Data();
        return new Command("new", "Makes a key when there is none, and prints its DID.") { data }
            .Does((result, terminal, _) =>
            {
                Print(terminal, NodeKey.FindOrCreate(result.GetValue(data)!));
                return Task.FromResult(ExitCode.Done);
            });
    }

    private static Option<string> Data() => new("--data")
    {
        HelpName = "DIR",
        DefaultValueFactory = _ => NodeRole.Member.Options.DataDirectory!,
        Description = "The data directory.",
    };

    private static void Print(Terminal terminal, Did did) =>
        terminal.Print(terminal.IsJson ? $"{{\"did\":\"{did}\"}}" : did.ToString());
}
