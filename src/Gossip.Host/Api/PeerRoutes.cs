using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>What can be asked about peers, and what can an operator decide of them?</summary>
internal sealed class PeerRoutes(GossipNode node)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/peers", ListAsync).Needs(Scope.Read);
        routes.MapPost("/peers/{did}/pardon", PardonAsync).Needs(Scope.Admin);
        routes.MapPost("/peers/{did}/block", BlockAsync).Needs(Scope.Admin);
        routes.MapPost("/peers/{did}/unblock", UnblockAsync).Needs(Scope.Admin);
    }

    private async Task PardonAsync(HttpContext context)
    {
        var did = Peer(context);
        await AnswerAsync(
            context, did, "pardoned", await node.PardonAsync(did, context.RequestAborted));
    }

    private async Task BlockAsync(HttpContext context)
    {
        var (did, reason) = (Peer(context), await ReasonAsync(context));
        await AnswerAsync(
            context, did, "blocked", await node.BlockAsync(did, reason, context.RequestAborted));
    }

    private async Task UnblockAsync(HttpContext context)
    {
        var did = Peer(context);
        await AnswerAsync(
            context, did, "unblocked", await node.UnblockAsync(did, context.RequestAborted));
    }

    private Task ListAsync(HttpContext context) => ApiErrors.Write(context, 200,
        new PeersShape([.. node.Peers()
            .OrderBy(peer => peer.Did, StringComparer.Ordinal)
            .ThenBy(peer => peer.Address, StringComparer.Ordinal)
            .Select(PeerShape.Of)]),
        ApiJson.Shared.PeersShape);

    private static Task AnswerAsync(
        HttpContext context, Did did, string decided, PeerReputation before) => ApiErrors.Write(
        context, 200, new JudgementShape(did.ToString(), decided, PeerShape.Of(before)),
        ApiJson.Shared.JudgementShape);

    private static Did Peer(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["did"]!;
        return Did.TryParse(text, out var did, out var reason)
            ? did
            : throw ApiException.Invalid("peer-invalid", $"'{text}': {reason}");
    }

    /// <summary>No body, or no reason in it: the operator gave none.</summary>
    internal static async Task<string> ReasonAsync(HttpContext context) =>
        (await Body.ReadJsonAsync(
            context.Request, ApiJson.Shared.BlockRequestShape,
            "{\"reason\":TEXT}", context.RequestAborted))?.Reason ?? "no reason given";
}
