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
        var from = new Option<string?>("--from")
        {
            HelpName = "N|start|now",
            Description = "After position N of this node, from the first, or only what comes. "
                + "Default: start; with --name: where that subscription stands.",
        };
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "As a named subscription: the node remembers what was written out, and "
                + "next time it goes on there; with --from it moves there first. See: gossip "
                + "subscription list.",
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
            Description = "End after so many payloads; with --name after the entry that holds the "
                + "last of them, because positions are those of entries.",
        };
        var command = new Command("tail",
            "Prints payloads as lines: text as it is, other bytes as base64 (with --json the field "
            + "base64 instead of data). A topic that the node does not carry yet is joined.\n\n"
            + ExitCode.Explanation)
        {
            topic, from, name, follow, noFollow, count,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            if (result.GetValue(count) is < 1)
            {
                throw CommandException.Usage("--count: 1 or more.");
            }

            var carried = result.GetValue(topic)!;
            var tail = new Tail(
                () => client.Connect(result), carried,
                result.GetValue(name) is { } named ? new Bookmark(carried, named) : null,
                terminal, result.GetValue(count) ?? long.MaxValue, time);
            var follows = result.GetValue(follow) && !result.GetValue(noFollow);
            using var output = new OutputPipe(stop);
            try
            {
                await tail.RunAsync(Start(result.GetValue(from)), follows, output.Token);
            }
            catch (OperationCanceledException) when (output.Token.IsCancellationRequested)
            {
                // Ctrl+C is how following ends, or that nobody reads any more.
            }

            return ExitCode.Done;
        });
    }

    private static TailStart? Start(string? from) => from switch
    {
        null => null,
        "now" => new(null),
        "start" => new(Cursor.Start),
        _ when Cursor.TryParse(from, out var cursor) => new(cursor),
        _ => throw CommandException.Usage($"--from '{from}': a position, start or now."),
    };
}
