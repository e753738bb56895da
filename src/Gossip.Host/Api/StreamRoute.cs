using System.Text;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Host.Api;

/// <summary>
/// Server-sent events: every payload after a cursor, then what comes, each once, and an event
/// <c>end</c> where an author ended its log. The id of an event is its cursor, so a stream that was
/// cut resumes without loss and without a duplicate.
/// </summary>
internal sealed class StreamRoute(GossipNode node, EventPump pump)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/topics/{name}/stream", StreamAsync).Needs(Scope.Read);

    private async Task StreamAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        var topic = await TopicRoutes.TopicAsync(node, name, context.RequestAborted);
        string? asked = context.Request.Headers["Last-Event-ID"];
        asked ??= context.Request.Query["after"];
        var after = asked == "now"
            ? Cursor.AfterEntry(topic.Position)
            : Query.After(asked) ?? await AcknowledgedAsync(context, name);
        await pump.RunAsync(context, $"from {after}",
            stop => node.SubscribeAsync(name, after.After, stop),
            entry => Events(entry, after));
    }

    /// <summary>With ?name=: after what that subscription has acknowledged.</summary>
    private async Task<Cursor> AcknowledgedAsync(HttpContext context, TopicName topic)
    {
        string? name = context.Request.Query["name"];
        return name is null
            ? Cursor.Start
            : Cursor.AfterEntry(
                (await node.SubscribeAsync(topic, name, context.RequestAborted)).Position);
    }

    internal static string Events(DeliveredEntry entry, Cursor after)
    {
        var events = new StringBuilder();
        foreach (var item in Shaping.Stream(Shaping.Shape(entry)))
        {
            if (!after.Covers(item.Position, item.Index))
            {
                events
                    .Append("id: ").Append(new Cursor(item.Position, item.Index))
                    .Append("\nevent: ").Append(item.Of == 0 ? "end" : "payload")
                    .Append("\ndata: ")
                    .Append(JsonSerializer.Serialize(item, ApiJson.Shared.StreamShape))
                    .Append("\n\n");
            }
        }

        return events.ToString();
    }
}
