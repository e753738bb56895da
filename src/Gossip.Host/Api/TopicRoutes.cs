using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>What can be asked about topics: join, publish, read, look.</summary>
internal sealed class TopicRoutes(GossipNode node, GossipOptions options, Func<bool> isStopping)
{
    private const int PageDefault = 100;

    // Entries may be large: a page stays well below what a caller must buffer.
    private const int PageMax = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/topics", ListAsync).Needs(Scope.Read);
        routes.MapGet("/closures", ClosuresAsync).Needs(Scope.Read);
        routes.MapGet("/topics/{name}", ShowAsync).Needs(Scope.Read);
        routes.MapPost("/topics/{name}/join", JoinAsync).Needs(Scope.Admin);
        routes.MapPost("/topics/{name}/entries", PublishAsync).Needs(Scope.Publish);
        routes.MapGet("/topics/{name}/entries", ReadAsync).Needs(Scope.Read);
        routes.MapPost("/topics/{name}/end", EndAsync).Needs(Scope.Admin);
        routes.MapGet("/entries/{id}", FindAsync).Needs(Scope.Read);
        routes.MapPost("/entries/{id}/erase", EraseAsync).Needs(Scope.Admin);
    }

    private async Task ListAsync(HttpContext context)
    {
        var topics = await node.TopicsAsync(context.RequestAborted);
        await ApiErrors.Write(context, 200,
            new TopicsShape([.. topics
                .OrderBy(topic => topic.Name.Value, StringComparer.Ordinal)
                .Select(Shaping.Shape)]),
            ApiJson.Shared.TopicsShape);
    }

    private async Task ClosuresAsync(HttpContext context)
    {
        var closed = await node.ClosedLogsAsync(context.RequestAborted);
        await ApiErrors.Write(context, 200,
            new ClosuresShape([.. closed
                .OrderBy(c => c.Topic.Value, StringComparer.Ordinal)
                .ThenBy(c => c.Log)
                .ThenBy(c => c.Slot)
                .Select(Shaping.Shape)]),
            ApiJson.Shared.ClosuresShape);
    }

    private async Task ShowAsync(HttpContext context)
    {
        var topic = await TopicAsync(node, Query.Topic(context), context.RequestAborted);
        await ApiErrors.Write(context, 200, Shaping.Shape(topic), ApiJson.Shared.TopicShape);
    }

    private async Task JoinAsync(HttpContext context)
    {
        RefuseWhenStopping();
        var topic = Query.TopicRef(context, node);
        var isNew = await node.JoinAsync(topic, context.RequestAborted);
        await ApiErrors.Write(context, 200,
            new JoinShape(topic.Name.Value, isNew, options.Sizes.PayloadBytesMax),
            ApiJson.Shared.JoinShape);
    }

    private async Task PublishAsync(HttpContext context)
    {
        RefuseWhenStopping();
        var name = Query.Topic(context);
        var how = PublishQuery.Read(context.Request.Query);
        var payloads = await PublishBody.ReadAsync(
            context.Request, options, context.RequestAborted);
        try
        {
            // Once begun it ends: a caller that hangs up does not leave the commit undecided.
            var receipts = await node.PublishAsync(name, payloads, how, CancellationToken.None);
            await ApiErrors.Write(context, 200,
                Shaping.Shape(receipts, how.Acks), ApiJson.Shared.ReceiptsShape);
        }
        catch (AcknowledgementException missing)
        {
            await ApiErrors.Write(context, StatusCodes.Status504GatewayTimeout,
                Shaping.Shape(missing, how.Acks), ApiJson.Shared.AcksMissingShape);
        }
    }

    private async Task ReadAsync(HttpContext context)
    {
        var after = Query.After(context.Request.Query["after"]) ?? Cursor.Start;
        var limit = Query.Limit(context, PageDefault, PageMax);
        var entries = await node.ReadAsync(
            Query.Topic(context), after.After, limit, context.RequestAborted);
        await ApiErrors.Write(context, 200,
            new PageShape(
                [.. entries.Select(Shaping.Shape)],
                entries.IsEmpty ? after.After : entries[^1].Position),
            ApiJson.Shared.PageShape);
    }

    private async Task EndAsync(HttpContext context)
    {
        RefuseWhenStopping();
        var name = Query.Topic(context);
        await node.EndLogAsync(name, CancellationToken.None);
        await ApiErrors.Write(context, 200,
            new EndShape(name.Value, true), ApiJson.Shared.EndShape);
    }

    private async Task EraseAsync(HttpContext context)
    {
        RefuseWhenStopping();
        var id = Id(context);
        await node.EraseAsync(id, CancellationToken.None);
        await ApiErrors.Write(context, 200,
            new ErasedShape(id.ToString(), true), ApiJson.Shared.ErasedShape);
    }

    private static EntryId Id(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        return EntryId.TryParse(text, out var id)
            ? id
            : throw ApiException.Invalid("entry-invalid",
                $"Entry id '{text}': expected {2 * Hash.Bytes} lower-case hexadecimal digits.");
    }

    private async Task FindAsync(HttpContext context)
    {
        var id = Id(context);
        var entry = await node.FindAsync(id, context.RequestAborted)
            ?? throw ApiException.Missing("entry-unknown", $"This node does not hold {id}.");
        await ApiErrors.Write(context, 200, Shaping.Shape(entry, null), ApiJson.Shared.EntryShape);
    }

    public static async Task<TopicStatus> TopicAsync(
        GossipNode node, TopicName name, CancellationToken stop) =>
        (await node.TopicsAsync(stop)).FirstOrDefault(topic => topic.Name == name)
        ?? throw ApiException.Missing("topic-unknown",
            $"This node does not carry topic '{name}'. To carry it: gossip topics join {name} "
            + $"(POST /topics/{Uri.EscapeDataString(name.Value)}/join).");

    private void RefuseWhenStopping()
    {
        if (isStopping())
        {
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "stopped",
                "This node is stopping; ask another, or wait until it is back.");
        }
    }
}
