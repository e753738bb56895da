using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary><c>gossip events</c>: what happens in a node, as it happens.</summary>
internal static class EventsCommand
{
    public static Command Create(ClientOptions client, TimeProvider time)
    {
        var count = new Option<long?>("--count")
        {
            HelpName = "N",
            Description = "End after so many events.",
        };
        var command = new Command("events",
            "Prints what happens in the node from now on, one line each: created, received, "
            + "peer-added, peer-removed, exchanged, closed, partition-suspected, partition-healed, "
            + "twin, actor-parked; and missed, with how many, when this reader was too slow.\n\n"
            + ExitCode.Explanation)
        {
            count,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            var max = result.GetValue(count) ?? long.MaxValue;
            if (max < 1)
            {
                throw CommandException.Usage("--count: 1 or more.");
            }

            using var output = new OutputPipe(stop);
            try
            {
                await FollowAsync(() => client.Connect(result), terminal, max, time, output.Token);
            }
            catch (OperationCanceledException) when (output.Token.IsCancellationRequested)
            {
                // Ctrl+C is how following ends, or that nobody reads any more.
            }

            return ExitCode.Done;
        });
    }

    private static async Task FollowAsync(
        Func<NodeClient> connect, Terminal terminal, long max, TimeProvider time,
        CancellationToken stop)
    {
        var printed = 0L;
        using (var first = connect())
        {
            // A node that is not there is an error; one that goes away later is waited for.
            await first.GetAsync("/version", stop);
        }

        await new Following(terminal, time).RunAsync(
            async ended =>
            {
                using var node = connect();
                var events = node.ReadAsync(
                    "/events", null, EventJson.Shared.EventShape, ended);
                await foreach (var happened in events)
                {
                    terminal.Print(terminal.IsJson
                        ? JsonSerializer.Serialize(happened, EventJson.Shared.EventShape)
                        : Line(happened));
                    if (++printed == max)
                    {
                        return true;
                    }
                }

                return false;
            },
            () => printed, () => "what happens until it is back is not seen", stop);
    }

    private static string Line(EventShape e)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(e.Time)
            .ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $"{time}  {e.Event,-19}  {Terminal.Visible(Text(e))}";
    }

    private static string Text(EventShape e) => e.Event switch
    {
        "created" or "received" =>
            $"{e.Topic}  {e.Log} #{e.Seq}  {e.Payloads} payloads  {e.Entry}",
        "peer-added" => $"{e.Peer}  {e.Address}",
        "peer-removed" => $"{e.Peer}  {e.Address}: {e.Reason}",
        "exchanged" => $"{e.Peer}  {e.Outcome}: "
            + $"sent {e.Sent}, received {e.Received}, {Seconds(e)}",
        "closed" => $"{e.Topic}  {e.Log} from #{e.Slot}, {e.Kind}, {e.Undelivered} taken back",
        "partition-suspected" => $"{e.Peer}  silent since {Terminal.Time(e.SilentSince ?? 0)}",
        "partition-healed" => $"{e.Peer}  equal again after {Seconds(e)}",
        "twin" => "another process runs with this node's key: "
            + (e.Address is { } address ? $"at {address}" : $"it writes {e.Log}"),
        "actor-parked" => $"{e.Topic}/{e.Actor} at {e.Position}: {e.Error}  (gossip actor list)",
        "attested" => e.Weight == 0
            ? $"{e.Author} no longer trusts {e.Subject}"
            : string.Create(
                CultureInfo.InvariantCulture, $"{e.Author} trusts {e.Subject} with {e.Weight}"),
        "missed" => $"{e.Missed} events: this reader was too slow",
        _ => "",
    };

    private static string Seconds(EventShape e) =>
        string.Create(CultureInfo.InvariantCulture, $"{e.Seconds:F3} s");
}
