using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip peers</c>: whom the node knows, how that goes, and how far it trusts them.
/// </summary>
internal static class PeersCommand
{
    public static Command Create(ClientOptions client)
    {
        var command = new Command("peers",
            "Lists the peers that the node knows, and what it holds against them. Nothing is asked "
            + "of a quarantined peer while there are others; with a banned or a blocked one there "
            + "is no link.\n\n"
            + ExitCode.Explanation)
        {
            Decide("pardon", "Takes back what the node holds against a peer, a ban too; not a "
                + "block."),
            Block(),
            Decide("unblock", "Lifts a block; what was proven against the peer still counts."),
        };
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
                [
                    "STATE", "ADDRESS", "LAST SEEN", "TRIES", "OK", "STANDING", "SCORE", "DID",
                    "LAST ERROR",
                ],
                peers.Select(peer => new[]
                {
                    peer.State,
                    peer.Address,
                    Terminal.Time(peer.LastSeen),
                    peer.Attempts.ToString(CultureInfo.InvariantCulture),
                    peer.Successes.ToString(CultureInfo.InvariantCulture),
                    peer.Reputation.Standing,
                    peer.Reputation.Score.ToString("0.#", CultureInfo.InvariantCulture),
                    peer.Did ?? "not known yet",
                    peer.LastError ?? "",
                }));
            foreach (var peer in peers.Where(p => p.Reputation.Standing != "good"))
            {
                Explain(peer, client.Again(result), terminal);
            }

            return ExitCode.Done;
        });
    }

    /// <summary>Why, until when, and what a person can do about it.</summary>
    private static void Explain(PeerShape peer, string again, Terminal terminal)
    {
        var reputation = peer.Reputation;
        terminal.Print("");
        terminal.Print(reputation switch
        {
            { Blocked: { } why } =>
                $"{peer.Did} is blocked by the operator: {Terminal.Visible(why)}",
            { BannedUntil: { } until } => $"{peer.Did} is banned until {Terminal.Time(until)}:",
            _ => $"{peer.Did} is {reputation.Standing}, score {reputation.Score:0.#}:",
        });
        foreach (var reason in reputation.Reasons)
        {
            terminal.Print($"  {Terminal.Time(reason.Time)}  {reason.Kind ?? "earlier"}  "
                + Terminal.Visible(reason.Evidence));
        }

        terminal.Print(reputation.Blocked is null
            ? $"  forgive it  gossip peers pardon {peer.Did}{again}"
            : $"  let it in   gossip peers unblock {peer.Did}{again}");
    }

    private static Command Block()
    {
        var reason = new Option<string?>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why, for whoever looks later; the peer is told, too.",
        };
        return Decide("block",
            "Keeps a peer out from now on, after a restart too: its links end, it is not dialled, "
            + "and whatever else it is known for stays.",
            reason);
    }

    private static Command Decide(
        string verb, string description, Option<string?>? reason = null)
    {
        var client = new ClientOptions();
        var did = new Argument<string>("DID") { Description = "As gossip peers shows it." };
        var command = new Command(verb, description) { did };
        if (reason is not null)
        {
            command.Options.Add(reason);
        }

        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var why = reason is null ? null : result.GetValue(reason);
            var content = why is null
                ? null
                : new StringContent(JsonSerializer.Serialize(
                    new(why), ApiJson.Shared.BlockRequestShape));
            var judged = await node.PostAsync(
                $"/peers/{Uri.EscapeDataString(result.GetValue(did)!)}/{verb}", content,
                ApiJson.Shared.JudgementShape, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(judged, ApiJson.Shared.JudgementShape)
                : $"{judged.Did} is {judged.Decided}; before, it stood {judged.Before.Standing} "
                    + $"with a score of {judged.Before.Score:0.#}");
            return ExitCode.Done;
        });
    }
}
