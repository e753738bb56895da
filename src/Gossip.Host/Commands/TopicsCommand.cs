using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary><c>gossip topics</c>: what the node carries, and how it stands.</summary>
internal static class TopicsCommand
{
    public static Command Create(ClientOptions client)
    {
        var closed = new Option<bool>("--closed")
        {
            Description = "Lists every closed log of every topic instead: forked, ended, rotated, "
                + "or revoked.",
        };
        var command = new Command("topics",
            $"Lists the topics that the node carries.\n\n{ExitCode.Explanation}")
        {
            closed,
        };
        client.AddTo(command);
        command.Subcommands.Add(Join());
        command.Subcommands.Add(Show());
        command.Subcommands.Add(End());
        TopicPolicyCommand.CreateAll().ToList().ForEach(command.Subcommands.Add);
        command.Aliases.Add("topic");
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            if (result.GetValue(closed))
            {
                return await ClosedLogs.PrintAsync(node, terminal, stop);
            }

            var body = await node.GetAsync("/topics", stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            var topics = JsonSerializer.Deserialize(body, ApiJson.Shared.TopicsShape)!.Topics;
            terminal.Table(
                ["TOPIC", "ROOT", "ENTRIES", "PAYLOADS", "BYTES", "LOGS", "LAG", "BLOCKED",
                    "FORKED", "ENDED"],
                topics.Select(Row));
            return ExitCode.Done;
        });
    }

    private static string[] Row(TopicShape topic) =>
    [
        topic.Name,
        topic.Root[..12],
        Number(topic.Entries),
        Number(topic.Payloads),
        Number(topic.Bytes),
        Number(topic.Logs),
        Number(topic.Lags.Select(lag => lag.Behind).DefaultIfEmpty().Max()),
        Number(topic.Blocked.Length),
        Number(topic.Closures.Count(closure => closure.Kind == "fork")),
        Number(topic.Closures.Count(closure => closure.Kind != "fork")),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Command Join()
    {
        var client = new ClientOptions();
        var name = new Argument<string>("NAME")
        {
            Description = "A public topic's name, or the ref of one with an owner.",
        };
        var command = new Command("join", "Carries a topic from now on.") { name };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var joined = await node.JoinAsync(result.GetValue(name)!, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(joined, ApiJson.Shared.JoinShape)
                : joined.Joined
                    ? $"joined topic '{joined.Topic}'"
                    : $"topic '{joined.Topic}' was carried already");
            return ExitCode.Done;
        });
    }

    private static Command Show()
    {
        var client = new ClientOptions();
        var name = new Argument<string>("NAME") { Description = "A topic that the node carries." };
        var command = new Command("show",
            "Everything about one topic as JSON: compare two nodes with diff.") { name };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync(NodeClient.Path(result.GetValue(name)!), stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            using var document = JsonDocument.Parse(body);
            using var text = new MemoryStream();
            await using (var writer = new Utf8JsonWriter(text, new() { Indented = true }))
            {
                document.WriteTo(writer);
            }

            terminal.Print(text.ToArray());
            return ExitCode.Done;
        });
    }

    private static Command End()
    {
        var client = new ClientOptions();
        var name = new Argument<string>("NAME") { Description = "A topic that the node carries." };
        var command = new Command("end",
            "Ends this node's own log in a topic, for good: a last, signed entry says so, and "
            + "nobody waits for more of it. What was published stays. A later publish begins a "
            + "new log.")
        {
            name,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var ended = await node.PostAsync(
                NodeClient.Path(result.GetValue(name)!, "/end"), null, ApiJson.Shared.EndShape,
                stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(ended, ApiJson.Shared.EndShape)
                : $"this node's log in '{ended.Topic}' is over; a later publish begins a new one");
            return ExitCode.Done;
        });
    }
}
