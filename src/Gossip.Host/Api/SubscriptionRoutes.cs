using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// The consumers that this node remembers by name: look, acknowledge, move, forget.
/// </summary>
internal sealed class SubscriptionRoutes(GossipNode node)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        const string one = "/topics/{name}/subscriptions/{subscription}";
        routes.MapGet("/subscriptions", AllAsync).Needs(Scope.Read);
        routes.MapGet("/topics/{name}/subscriptions", ListAsync).Needs(Scope.Read);
        routes.MapPut(one, PutAsync).Needs(Scope.Read);
        routes.MapDelete(one, RemoveAsync).Needs(Scope.Admin);
    }

    private async Task AllAsync(HttpContext context)
    {
        var all = new List<SubscriptionStatus>();
        foreach (var topic in await node.TopicsAsync(context.RequestAborted))
        {
            all.AddRange(await node.SubscriptionsAsync(topic.Name, context.RequestAborted));
        }

        await WriteAsync(context, all);
    }

    private async Task ListAsync(HttpContext context) => await WriteAsync(
        context, await node.SubscriptionsAsync(Query.Topic(context), context.RequestAborted));

    /// <summary>
    /// A position acknowledges everything up to it, or goes back to it. An acknowledgement that was
    /// overtaken by a move wins over it: one reader at a time is meant.
    /// </summary>
    private async Task PutAsync(HttpContext context)
    {
        var topic = Query.Topic(context);
        var position = await PositionAsync(context);
        var subscription = await node.SubscribeAsync(
            topic, Query.LastSegment(context), context.RequestAborted);
        if (position is { } asked)
        {
            await subscription.ResetAsync(asked, context.RequestAborted);
        }

        await ApiErrors.Write(context, 200,
            new SubscriptionShape(
                topic.Value, subscription.Name, subscription.Position, subscription.Lag),
            ApiJson.Shared.SubscriptionShape);
    }

    private async Task RemoveAsync(HttpContext context)
    {
        var topic = Query.Topic(context);
        var name = Query.LastSegment(context);
        var removed = (await node.SubscriptionsAsync(topic, context.RequestAborted))
            .FirstOrDefault(subscription => subscription.Name == name)
            ?? throw Unknown(topic, name);
        await node.UnsubscribeAsync(topic, name, context.RequestAborted);
        await ApiErrors.Write(context, 200, Shape(removed), ApiJson.Shared.SubscriptionShape);
    }

    private static ApiException Unknown(TopicName topic, string name) => ApiException.Missing(
        "subscription-unknown",
        $"Topic '{topic}' has no subscription '{name}' here; see: "
        + $"gossip subscription list {topic}");

    internal static async Task<long?> PositionAsync(HttpContext context) =>
        (await Body.ReadJsonAsync(
            context.Request, ApiJson.Shared.SubscriptionRequestShape,
            "{\"position\":N}", context.RequestAborted))?.Position;

    private static Task WriteAsync(HttpContext context, IEnumerable<SubscriptionStatus> all) =>
        ApiErrors.Write(context, 200,
            new SubscriptionsShape([.. all
                .OrderBy(s => s.Topic.Value, StringComparer.Ordinal)
                .ThenBy(s => s.Name, StringComparer.Ordinal)
                .Select(Shape)]),
            ApiJson.Shared.SubscriptionsShape);

    private static SubscriptionShape Shape(SubscriptionStatus subscription) => new(
        subscription.Topic.Value, subscription.Name, subscription.Position, subscription.Lag);
}
