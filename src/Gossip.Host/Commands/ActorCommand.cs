using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary><c>gossip actor</c>: how do the topic actors of a node fare?</summary>
internal static class ActorCommand
{
    private const string Parked = "parked";

    public static Command Create() => new("actor",
        "Topic actors: classes of yours that a node gives a topic's entries (see gossip member "
        + $"--help, --actor).\n\n{ExitCode.Explanation}")
    {
        List(), Resume(),
    };

    private static Command List()
    {
        var client = new ClientOptions();
        var command = new Command("list",
            "Lists the topic actors that the node runs; exit 1 when one is parked: it failed "
            + "several times on one entry and waits for you.");
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync("/actors", stop);
            var actors = JsonSerializer.Deserialize(body, ApiJson.Shared.ActorsShape)!.Actors;
            if (terminal.IsJson)
            {
                terminal.Print(body);
            }
            else
            {
                Print(actors, client.Again(result), terminal);
            }

            return actors.Any(actor => actor.State == Parked) ? ExitCode.Failed : ExitCode.Done;
        });
    }

    private static void Print(ActorShape[] actors, string again, Terminal terminal)
    {
        if (actors.Length == 0)
        {
            terminal.Note("this node runs no topic actor; give it one with: gossip member --actor");
            return;
        }

        terminal.Table(
            ["TOPIC", "NAME", "STATE", "POSITION", "LAG", "FAILURES", "SKIPPED"],
            actors.Select(actor => new[]
            {
                actor.Topic, actor.Name, actor.State, Number(actor.Position), Number(actor.Lag),
                Number(actor.Failures), Number(actor.Skipped.Length),
            }));
        foreach (var actor in actors.Where(actor => actor.State == Parked))
        {
            Explain(actor, again, terminal);
        }
    }

    /// <summary>Which entry, why, and what a person can do about it.</summary>
    private static void Explain(ActorShape actor, string again, Terminal terminal)
    {
        var resume = $"gossip actor resume {actor.Topic} {actor.Name}{again}";
        terminal.Print("");
        terminal.Print(
            $"{actor.Topic}/{actor.Name} is parked {Place(actor)} after {actor.Failures} failures: "
            + Terminal.Visible(actor.LastError ?? ""));
        if (actor.ParkedAt is not null)
        {
            terminal.Print($"  see the entry  gossip tail {actor.Topic} --no-follow --from "
                + $"{actor.ParkedAt - 1}{again}");
            terminal.Print($"  try it again   {resume}");
            terminal.Print($"  leave it out   {resume} --skip");
        }
        else
        {
            terminal.Print("  mend it        and start the node again");
            terminal.Print($"  try it again   {resume}");
        }
    }

    private static string Place(ActorShape actor) => actor.ParkedAt is { } position
        ? $"at position {position}"
        : "while it was made";

    private static Command Resume()
    {
        var client = new ClientOptions();
        var topic = new Argument<string>("TOPIC") { Description = "Whose entries it is given." };
        var name = new Argument<string>("NAME") { Description = "As gossip actor list shows it." };
        var skip = new Option<bool>("--skip")
        {
            Description = "Leave that entry out, for this actor and for good. Without it: try the "
                + "entry again.",
        };
        var command = new Command("resume", "Lets a parked topic actor go on.")
        {
            topic, name, skip,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var isSkipped = result.GetValue(skip);
            var path = NodeClient.Path(result.GetValue(topic)!,
                $"/actors/{Uri.EscapeDataString(result.GetValue(name)!)}/resume"
                + (isSkipped ? "?skip=true" : ""));
            var actor = await node.PostAsync(path, null, ApiJson.Shared.ActorShape, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(actor, ApiJson.Shared.ActorShape)
                : isSkipped
                    ? $"{actor.Topic}/{actor.Name} goes on without position {actor.ParkedAt}"
                    : $"{actor.Topic}/{actor.Name} is tried again {Place(actor)}; "
                        + $"see: gossip actor list{client.Again(result)}");
            return ExitCode.Done;
        });
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
