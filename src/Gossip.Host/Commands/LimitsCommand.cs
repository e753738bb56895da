using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary><c>gossip limits</c>: what is nearly used up, by whom, and what sets it?</summary>
internal static class LimitsCommand
{
    public static Command Create(ClientOptions client)
    {
        var command = new Command("limits",
            "Shows how much of each limit is used now, and how often it was reached. Of limits "
            + "that each peer, address or topic has for itself: the one that uses most. Rates are "
            + "of the last second.\n\n" + ExitCode.Explanation);
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync("/limits", stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            var limits = JsonSerializer.Deserialize(body, ApiJson.Shared.LimitsShape)!.Limits;
            terminal.Table(
                ["LIMIT", "USE", "MAX", "REACHED", "OPTION", "MOST OF IT"],
                limits.Select(limit => new[]
                {
                    limit.Limit,
                    limit.Use is { } use ? Text(use) : "-",
                    limit.Max == 0 ? "none" : Text(limit.Max),
                    Text(limit.Rejected),
                    limit.Option,
                    limit.Who ?? "",
                }));
            return ExitCode.Done;
        });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
