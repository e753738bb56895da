using Gossip.Actors;

namespace Gossip.Host.Api;

/// <summary>What can be asked about the topic actors that run here: look, and resume.</summary>
internal sealed class ActorRoutes(GossipNode node)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/actors", ListAsync).Needs(Scope.Read);
        routes.MapPost("/topics/{name}/actors/{actor}/resume", ResumeAsync)
            .Needs(Scope.Admin);
    }

    private Task ListAsync(HttpContext context) => ApiErrors.Write(context, 200,
        new ActorsShape([.. node.Actors().Select(Shape)]), ApiJson.Shared.ActorsShape);

    /// <summary>
    /// Answers with how it stood: the entry that is tried or left out is parkedAt.
    /// </summary>
    private async Task ResumeAsync(HttpContext context)
    {
        var topic = Query.Topic(context);
        var name = (string)context.Request.RouteValues["actor"]!;
        var skip = Query.Flag(context, "skip");
        var before = node.Actors().FirstOrDefault(a => a.Topic == topic && a.Name == name);
        await node.ResumeActorAsync(topic, name, skip, context.RequestAborted);
        await ApiErrors.Write(context, 200, Shape(before!), ApiJson.Shared.ActorShape);
    }

    private static ActorShape Shape(TopicActorStatus actor) => new(
        actor.Topic.Value,
        actor.Name,
        actor.State switch
        {
            TopicActorState.Running => "running",
            TopicActorState.Restarting => "restarting",
            _ => "parked",
        },
        actor.Position,
        actor.Lag,
        actor.Failures,
        actor.ParkedAt,
        actor.LastError,
        [.. actor.Skipped]);
}
