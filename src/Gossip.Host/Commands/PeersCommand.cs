using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary><c>gossip peers</c>: whom the node knows, and how that goes.</summary>
internal static class PeersCommand
{
    public static Command Create(ClientOptions client)
    {
        var command = new Command("peers",
            $"Lists the peers that the node knows.\n\n{ExitCode.Explanation}");
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync("/peers", stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            var peers = JsonSerializer.Deserialize(body, ApiJson.Shared.PeersShape)!.Peers;
            terminal.Table(
                ["STATE", "ADDRESS", "LAST SEEN", "TRIES", "OK", "DID", "LAST ERROR"],
                peers.Select(peer => new[]
                {
                    peer.State,
                    peer.Address,
                    Terminal.Time(peer.LastSeen),
                    peer.Attempts.ToString(CultureInfo.InvariantCulture),
                    peer.Successes.ToString(CultureInfo.InvariantCulture),
                    peer.Did ?? "not known yet",
                    peer.LastError ?? "",
                }));
            return ExitCode.Done;
        });
    }
}
