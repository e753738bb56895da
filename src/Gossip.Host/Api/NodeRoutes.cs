using System.Runtime.InteropServices;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// What can be asked about the node: health, peers, status, and a round right now.
/// </summary>
internal sealed class NodeRoutes(GossipNode node, GossipOptions options, Func<bool> isStopping)
{
    public static string Version { get; } =
        typeof(NodeRoutes).Assembly.GetName().Version!.ToString(3);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/peers", PeersAsync);
        routes.MapGet("/status", StatusAsync);
        routes.MapGet("/limits", LimitsAsync);
        routes.MapPost("/sync", SyncAsync);
        routes.MapGet("/healthz", context => ApiErrors.Write(context, 200,
            new HealthShape("live", []), ApiJson.Shared.HealthShape));
        routes.MapGet("/readyz", ReadyAsync);
        routes.MapGet("/version", context => ApiErrors.Write(context, 200,
            new VersionShape(
                Version, Limits.ProtocolVersion, RuntimeInformation.FrameworkDescription),
            ApiJson.Shared.VersionShape));
    }

    private Task PeersAsync(HttpContext context) => ApiErrors.Write(context, 200,
        new PeersShape([.. node.Peers()
            .OrderBy(peer => peer.Did, StringComparer.Ordinal)
            .ThenBy(peer => peer.Address, StringComparer.Ordinal)]),
        ApiJson.Shared.PeersShape);

    private Task StatusAsync(HttpContext context) => ApiErrors.Write(context, 200,
        Shaping.Shape(node.Status(), options), ApiJson.Shared.StatusShape);

    private Task LimitsAsync(HttpContext context) => ApiErrors.Write(context, 200,
        new LimitsShape([.. node.Limits().Select(LimitShape.Of)]), ApiJson.Shared.LimitsShape);

    private Task ReadyAsync(HttpContext context)
    {
        string[] reasons = isStopping() ? ["stopping"] : [.. node.Status().NotReady];
        return ApiErrors.Write(context, reasons.Length == 0 ? 200 : 503,
            new HealthShape(reasons.Length == 0 ? "ready" : "not-ready", reasons),
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

    /// <summary>No body, or no peer in it: all of them.</summary>
    private static async Task<Did?> PeerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            var request = JsonSerializer.Deserialize(text, ApiJson.Shared.SyncRequestShape);
            return request?.Peer is not { } peer ? null
                : Did.TryParse(peer, out var did, out var reason) ? did
                : throw ApiException.Invalid("peer-invalid", reason);
        }
        catch (JsonException e)
        {
            throw ApiException.Invalid("body-invalid", $"Expected {{\"peer\":DID}}: {e.Message}");
        }
    }
}
