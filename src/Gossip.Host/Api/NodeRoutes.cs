using System.Runtime.InteropServices;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// What can be asked about the node: health, status, and a round right now.
/// </summary>
internal sealed class NodeRoutes(
    GossipNode node, GossipOptions options, ApiRefusals refusals, Func<bool> isStopping)
{
    public static string Version { get; } =
        typeof(NodeRoutes).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", StatusAsync).Needs(Scope.Read);
        routes.MapGet("/limits", LimitsAsync).Needs(Scope.Read);
        routes.MapGet("/metrics", MetricsAsync).Needs(Scope.Read);
        routes.MapPost("/sync", SyncAsync).Needs(Scope.Admin);
        routes.MapPost("/key/rotate", RotateKeyAsync).Needs(Scope.Admin);
        routes.MapGet("/healthz", context => ApiErrors.Write(context, 200,
            new HealthShape("live", []), ApiJson.Shared.HealthShape)).Needs(Scope.Open);
        routes.MapGet("/readyz", ReadyAsync).Needs(Scope.Open);
        routes.MapGet("/version", context => ApiErrors.Write(context, 200,
            new VersionShape(
                Version, Limits.ProtocolVersion, RuntimeInformation.FrameworkDescription),
            ApiJson.Shared.VersionShape)).Needs(Scope.Read);
    }

    private Task StatusAsync(HttpContext context) => ApiErrors.Write(context, 200,
        Shaping.Shape(node.Status(), options, refusals), ApiJson.Shared.StatusShape);

    private Task LimitsAsync(HttpContext context) => ApiErrors.Write(context, 200,
        new LimitsShape([.. node.Limits().Select(LimitShape.Of)]), ApiJson.Shared.LimitsShape);

    private Task MetricsAsync(HttpContext context)
    {
        var text = new MetricsText().Observe(node);
        foreach (var (limit, count) in refusals.All)
        {
            text.Add("gossip.api.rejected", true, "How often a limit of the API was reached.",
                count, new KeyValuePair<string, object?>("limit", limit));
        }

        context.Response.ContentType = MetricsText.ContentType;
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    /// <summary>Why it is not ready is for those who may read.</summary>
    private Task ReadyAsync(HttpContext context)
    {
        string[] reasons = isStopping() ? ["stopping"] : [.. node.Status().NotReady];
        return ApiErrors.Write(context, reasons.Length == 0 ? 200 : 503,
            new HealthShape(
                reasons.Length == 0 ? "ready" : "not-ready",
                Access.IsKnown(context) ? reasons : []),
            ApiJson.Shared.HealthShape);
    }

    private async Task SyncAsync(HttpContext context)
    {
        var results = await node.SyncAsync(await PeerAsync(context), context.RequestAborted);
        await ApiErrors.Write(context, 200,
            new SyncsShape([.. results
                .OrderBy(result => result.Did, StringComparer.Ordinal)
                .Select(Shaping.Shape)]),
            ApiJson.Shared.SyncsShape);
    }

    /// <summary>Once begun it is finished, whether the caller waits or not.</summary>
    private async Task RotateKeyAsync(HttpContext context)
    {
        var rotation = await node.RotateKeyAsync(CancellationToken.None);
        await ApiErrors.Write(
            context, 200, Shaping.Shape(rotation), ApiJson.Shared.RotationShape);
    }

    /// <summary>No body, or no peer in it: all of them.</summary>
    internal static async Task<Did?> PeerAsync(HttpContext context)
    {
        var request = await Body.ReadJsonAsync(
            context.Request, ApiJson.Shared.SyncRequestShape,
            "{\"peer\":DID}", context.RequestAborted);
        return request?.Peer is not { } peer ? null
            : Did.TryParse(peer, out var did, out var reason) ? did
            : throw ApiException.Invalid("peer-invalid", reason);
    }
}
