using System.Text.Json;
using Gossip.Actors;

namespace Gossip.Host.Api;

/// <summary>
/// Server-sent events: what happens in this node from now on. What a slow reader misses is counted,
/// not kept, so nobody waits for it; a cut stream does not resume.
/// </summary>
internal sealed class EventRoute(GossipNode node, EventPump pump, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events",
        context => pump.RunAsync(context, "from now on", node.WatchAsync, happened =>
        {
            var shape = EventShaping.Shape(
                happened, time.GetUtcNow().ToUnixTimeMilliseconds());
            return $"event: {shape.Event}\ndata: "
                + $"{JsonSerializer.Serialize(shape, EventJson.Shared.EventShape)}\n\n";
        })).Needs(Scope.Read);
}
