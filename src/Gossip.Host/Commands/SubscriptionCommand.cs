using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary><c>gossip subscription</c>: how far did each named consumer get?</summary>
internal static class SubscriptionCommand
{
    public static Command Create() => new("subscription",
        "Named subscriptions: consumers whose position the node keeps (see gossip tail --name).\n\n"
        + ExitCode.Explanation)
    {
        List(), Reset(), Remove(),
    };

    private static Command List()
    {
        var client = new ClientOptions();
        var topic = new Argument<string?>("TOPIC")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Of this topic only.",
        };
        var command = new Command("list",
            "Lists named subscriptions and how far each is behind.") { topic };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync(
                result.GetValue(topic) is { } name
                    ? NodeClient.Path(name, "/subscriptions")
                    : "/subscriptions",
                stop);
            if (terminal.IsJson)
            {
                terminal.Print(body);
                return ExitCode.Done;
            }

            var all = JsonSerializer.Deserialize(body, ApiJson.Shared.SubscriptionsShape)!;
            terminal.Table(
                ["TOPIC", "NAME", "POSITION", "LAG"],
                all.Subscriptions.Select(subscription => new[]
                {
                    subscription.Topic, subscription.Name, Number(subscription.Position),
                    Number(subscription.Lag),
                }));
            return ExitCode.Done;
        });
    }

    private static Command Reset()
    {
        var position = new Argument<string>("POSITION")
        {
            HelpName = "POSITION",
            Description = "It goes on after this one: a number, start or now.",
        };
        return One("reset",
            "Moves a named subscription: what lies after POSITION comes (again). Stop its reader "
            + "first, or its next acknowledgement moves it back.",
            position,
            async (node, found, result, stop) =>
            {
                var moved = await Bookmark.PutAsync(
                    node, Bookmark.Path(found.Topic, found.Name),
                    To(result.GetValue(position)!, found), stop);
                return (moved, $"'{moved.Name}' of '{moved.Topic}' goes on after {moved.Position} "
                    + $"(was {found.Position}); {moved.Lag} to come");
            });
    }

    private static Command Remove() => One("remove",
        "Forgets a named subscription; its topic keeps every entry.",
        null,
        async (node, found, _, stop) => (
            await node.SendAsync(
                HttpMethod.Delete, Bookmark.Path(found.Topic, found.Name), null,
                ApiJson.Shared.SubscriptionShape, stop),
            $"'{found.Name}' of '{found.Topic}' is forgotten (it stood at {found.Position})"));

    /// <summary>
    /// About one that exists: a slip in its name must not make another.
    /// </summary>
    private static Command One(
        string verb, string description, Argument<string>? third,
        Func<NodeClient, SubscriptionShape, ParseResult, CancellationToken,
            Task<(SubscriptionShape Shape, string Text)>> act)
    {
        var client = new ClientOptions();
        var topic = new Argument<string>("TOPIC") { Description = "A topic of the node." };
        var name = new Argument<string>("NAME") { Description = "As the list shows it." };
        var command = new Command(verb, description) { topic, name };
        if (third is not null)
        {
            command.Arguments.Add(third);
        }

        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var found = await FindAsync(
                node, result.GetValue(topic)!, result.GetValue(name)!, client.Again(result), stop);
            var (shape, text) = await act(node, found, result, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(shape, ApiJson.Shared.SubscriptionShape)
                : text);
            return ExitCode.Done;
        });
    }

    private static async Task<SubscriptionShape> FindAsync(
        NodeClient node, string topic, string name, string again, CancellationToken stop)
    {
        var all = await node.GetAsync(
            NodeClient.Path(topic, "/subscriptions"), ApiJson.Shared.SubscriptionsShape, stop);
        return all.Subscriptions.FirstOrDefault(subscription => subscription.Name == name)
            ?? throw new CommandException(ExitCode.Refused, "subscription-unknown",
                $"Topic '{topic}' has no subscription '{name}' here; it has: "
                + string.Join(", ", all.Subscriptions.Select(s => s.Name).DefaultIfEmpty("none"))
                + "."
                + $" Make one with: gossip tail {topic} --name {name}{again}");
    }

    private static long To(string text, SubscriptionShape now) => text switch
    {
        "start" => 0,
        "now" => now.Position + now.Lag,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) =>
            at,
        _ => throw CommandException.Usage($"Position '{text}': a number, start or now."),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
