using System.CommandLine;
using System.Text.Json;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Api;
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
        var (data, file) = (Data(), PassphraseFile());
        command.Options.Add(data);
        command.Options.Add(file);
        command.Subcommands.Add(New());
        command.Subcommands.Add(Rotate());
        command.Subcommands.Add(Rewrite("encrypt",
            "Encrypts a data directory's key with a passphrase. A running node goes on; from its "
            + "next start it needs the passphrase (key-passphrase-file).",
            passphrase => (null, passphrase)));
        command.Subcommands.Add(Rewrite("decrypt",
            "Keeps a data directory's key without a passphrase again.",
            passphrase => (passphrase, null)));
        return command.Does((result, terminal, _) =>
        {
            var directory = result.GetValue(data)!;
            Print(terminal, NodeKey.Find(directory, NodeKey.Passphrase(result.GetValue(file)))
                ?? throw Missing(directory));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command New()
    {
        var (data, file) = (Data(), PassphraseFile());
        return new Command("new",
            "Makes a key when there is none, and prints its DID; with a passphrase an encrypted "
            + "one.")
        {
            data, file,
        }.Does((result, terminal, _) =>
        {
            Print(terminal, NodeKey.FindOrCreate(
                result.GetValue(data)!, NodeKey.Passphrase(result.GetValue(file))));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command Rotate()
    {
        var client = new ClientOptions();
        var command = new Command("rotate",
            "Replaces the key of a running node: every log that it writes ends and names the new "
            + "key, signed by both; policies and trust follow it. The old key is kept beside the "
            + "new one. Then restart the node. What was interrupted is finished by asking again, "
            + "or by the node's next start.");
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var rotation = await node.PostAsync(
                "/key/rotate", null, ApiJson.Shared.RotationShape, stop);
            if (terminal.IsJson)
            {
                terminal.Print(JsonSerializer.Serialize(
                    rotation, ApiJson.Shared.RotationShape));
                return ExitCode.Done;
            }

            terminal.Print($"old      {rotation.Old}");
            terminal.Print($"new      {rotation.New}");
            foreach (var topic in rotation.Topics)
            {
                terminal.Print($"topic    {topic.Topic}: {(topic.Ends.Length == 0
                    ? "this node had no right to hand on"
                    : string.Join(", ", topic.Ends))}");
            }

            terminal.Print("restart  the node publishes nothing until it is restarted as the new "
                + "identity");
            if (rotation.Peers == 0)
            {
                terminal.Note("No peer was connected. Let one hear of the rotation before you "
                    + "restart: in a topic with an owner, nobody else can vouch for the new key.");
            }

            return ExitCode.Done;
        });
    }

    /// <summary>The file is replaced as a whole, or not at all.</summary>
    private static Command Rewrite(
        string name, string description, Func<Passphrase, (Passphrase? From, Passphrase? To)> turn)
    {
        var (data, file) = (Data(), PassphraseFile());
        return new Command(name, description) { data, file }.Does((result, terminal, _) =>
        {
            var directory = result.GetValue(data)!;
            var passphrase = NodeKey.Passphrase(result.GetValue(file))
                ?? throw CommandException.Usage($"Which passphrase? Name a file that holds it: "
                    + $"{file.Name} FILE, or set {NodeKey.PassphraseVariable}.");
            if (!File.Exists(Path.Combine(directory, KeyFile.Name)))
            {
                throw Missing(directory);
            }

            var (from, to) = turn(passphrase);
            Print(terminal, NodeKey.Rewrite(directory, from, to));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static CommandException Missing(string directory) => CommandException.Failed(
        "key-missing", $"No key in {directory}; make one with: gossip key new --data {directory}");

    private static Option<string> Data() => new("--data")
    {
        HelpName = "DIR",
        DefaultValueFactory = _ => NodeRole.Member.Options.DataDirectory!,
        Description = "The data directory.",
    };

    private static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        HelpName = "FILE",
        Description = "Holds the key's passphrase in its first line; only you may read it (0600). "
            + $"Or set {NodeKey.PassphraseVariable}.",
    };

    private static void Print(Terminal terminal, Did did) =>
        terminal.Print(terminal.IsJson ? $"{{\"did\":\"{did}\"}}" : did.ToString());
}
