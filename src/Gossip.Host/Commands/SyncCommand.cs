using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip sync</c>: compare with one peer, or all, right now. Exit 1 when one failed.
/// </summary>
internal static class SyncCommand
{
    public static Command Create(ClientOptions client)
    {
        var peer = new Argument<string?>("PEER")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A peer's DID. Without it: every connected peer.",
        };
        var command = new Command("sync",
            "Runs an anti-entropy round now; exit 1 when one failed or nobody is connected.\n\n"
            + ExitCode.Explanation)
        {
            peer,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = JsonSerializer.SerializeToUtf8Bytes(
                new SyncRequestShape(result.GetValue(peer)), ApiJson.Shared.SyncRequestShape);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var rounds = await node.PostAsync(
                "/sync", content, ApiJson.Shared.SyncsShape, stop);
            if (terminal.IsJson)
            {
                terminal.Print(JsonSerializer.Serialize(rounds, ApiJson.Shared.SyncsShape));
            }
            else if (rounds.Results.Length > 0)
            {
                terminal.Table(
                    ["PEER", "EQUAL", "SENT", "RECEIVED", "SECONDS", "OUTCOME"],
                    rounds.Results.Select(Row));
            }

            if (rounds.Results.Length == 0)
            {
                throw CommandException.Failed("nobody-connected",
                    "Nobody is connected, so there was nothing to compare; see: gossip peers");
            }

            return rounds.Results.All(round => round.Equal) ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static string[] Row(SyncShape round) =>
    [
        round.Did,
        round.Equal ? "yes" : "no",
        round.Sent.ToString(CultureInfo.InvariantCulture),
        round.Received.ToString(CultureInfo.InvariantCulture),
        round.Seconds.ToString("F3", CultureInfo.InvariantCulture),
        round.Outcome,
    ];
}
