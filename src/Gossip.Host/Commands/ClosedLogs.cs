using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip topics --closed</c>: which logs no longer count, from where, and what proves it?
/// A revocation stands in the topic's policy, and has no proof of its own.
/// </summary>
internal static class ClosedLogs
{
    /// <summary>Of an id: enough to tell it from others, and short enough for a line.</summary>
    private const int IdShown = 16;

    public static async Task<int> PrintAsync(
        NodeClient node, Terminal terminal, CancellationToken stop)
    {
        var body = await node.GetAsync("/closures", stop);
        if (terminal.IsJson)
        {
            terminal.Print(body);
            return ExitCode.Done;
        }

        var closures = JsonSerializer.Deserialize(body, ApiJson.Shared.ClosuresShape)!.Closures;
        terminal.Table(
            ["TOPIC", "SLOT", "KIND", "DISPUTED", "INCARNATION", "FIRST", "SECOND", "AUTHOR"],
            closures.Select(closed => new[]
            {
                closed.Topic,
                Number(closed.Slot),
                closed.Kind,
                Number(closed.Disputed),
                closed.Incarnation,
                Id(closed.First),
                Id(closed.Second),
                closed.Author,
            }));
        return ExitCode.Done;
    }

    private static string Id(string? id) => id?[..IdShown] ?? "-";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
