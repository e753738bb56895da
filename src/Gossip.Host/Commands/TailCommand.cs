using System.CommandLine;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary><c>gossip tail</c>: prints a topic's payloads, then what comes.</summary>
internal static class TailCommand
{
    public static Command Create(ClientOptions client, TimeProvider time)
    {
        var topic = new Argument<string>("TOPIC") { Description = "A public topic's name." };
        var from = new Option<string>("--from")
        {
            HelpName = "N|start|now",
            DefaultValueFactory = _ => "start",
            Description = "After position N of this node, from the first, or only what comes.",
        };
        var follow = new Option<bool>("--follow")
        {
            DefaultValueFactory = _ => true,
            Description = "Go on with what comes, also after the node restarts (default).",
        };
        var noFollow = new Option<bool>("--no-follow") { Description = "End at the last one." };
        var count = new Option<long?>("--count")
        {
            HelpName = "N",
            Description = "End after so many payloads.",
        };
        var command = new Command("tail",
            "Prints payloads as lines: text as it is, other bytes as base64 (with --json the field "
            + "base64 instead of data). A topic that the node does not carry yet is joined.\n\n"
            + ExitCode.Explanation)
        {
            topic, from, follow, noFollow, count,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            if (result.GetValue(count) is < 1)
            {
                throw CommandException.Usage("--count: 1 or more.");
            }

            var tail = new Tail(
                () => client.Connect(result), result.GetValue(topic)!, terminal,
                result.GetValue(count) ?? long.MaxValue, time);
            var follows = result.GetValue(follow) && !result.GetValue(noFollow);
            try
            {
                await tail.RunAsync(Start(result.GetValue(from)!), follows, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Ctrl+C is how following ends.
            }

            return ExitCode.Done;
        });
    }

    /// <summary>Null for now.</summary>
    private static Cursor? Start(string from) => from switch
    {
        "now" => null,
        "start" => Cursor.Start,
        _ when Cursor.TryParse(from, out var cursor) => cursor,
        _ => throw CommandException.Usage($"--from '{from}': a position, start or now."),
    };
}
