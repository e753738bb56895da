using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Host.Api;

/// <summary>What can be asked and said about trust: scores, why, attest, withdraw.</summary>
internal sealed class TrustRoutes(GossipNode node, GossipOptions options)
{
    private const int SubjectsDefault = 100;
    private const int SubjectsMax = 1000;
    private const int PathsMax = 1000;

    /// <summary>The lowest score there is: whoever has one is listed.</summary>
    private static readonly Score Any = Score.OfTrillionths(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/trust", ListAsync).Needs(Scope.Read);
        routes.MapPost("/trust", AttestAsync).Needs(Scope.Admin);
        routes.MapGet("/trust/{did}", ExplainAsync).Needs(Scope.Read);
        routes.MapDelete("/trust/{did}", RevokeAsync).Needs(Scope.Admin);
    }

    private async Task ListAsync(HttpContext context)
    {
        var viewpoint = Viewpoint(context);
        var limit = Query.Limit(context, SubjectsDefault, SubjectsMax);
        var all = await node.Trust.ReachingAsync(viewpoint, Any, context.RequestAborted);
        var shapes = new List<TrustShape>();
        foreach (var ranked in all.Take(limit))
        {
            // Each subject's ways are for explaining one; here their number is enough.
            shapes.Add(Shape(
                await node.TrustOfAsync(viewpoint, ranked.Subject, context.RequestAborted), 0));
        }

        await ApiErrors.Write(context, 200,
            new TrustedShape(viewpoint.ToString(), all.Length, [.. shapes]),
            ApiJson.Shared.TrustedShape);
    }

    private async Task ExplainAsync(HttpContext context)
    {
        var score = await node.TrustOfAsync(
            Viewpoint(context), Subject(context), context.RequestAborted);
        await ApiErrors.Write(context, 200, Shape(score, PathsMax), ApiJson.Shared.TrustShape);
    }

    private async Task AttestAsync(HttpContext context)
    {
        var (subject, weight, note) = await BodyAsync(context);

        // Once begun it ends: a caller that hangs up does not leave it undecided.
        var edge = await node.AttestAsync(subject, weight, note, CancellationToken.None);
        await ApiErrors.Write(context, 200, Shape(edge), ApiJson.Shared.EdgeShape);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        var edge = await node.RevokeAttestationAsync(Subject(context), CancellationToken.None);
        await ApiErrors.Write(context, 200, Shape(edge), ApiJson.Shared.EdgeShape);
    }

    internal static async Task<(Did Subject, double Weight, string Note)> BodyAsync(
        HttpContext context)
    {
        const string expected = "{\"subject\":DID,\"weight\":0.8,\"note\":\"…\"}";
        var shape = await Body.ReadJsonAsync(
            context.Request, ApiJson.Shared.AttestShape, expected, context.RequestAborted);
        return shape is { Subject: { } subject, Weight: { } weight }
            ? (Parse(subject), weight, shape.Note ?? "")
            : throw ApiException.Invalid(
                "body-invalid", $"Expected {expected}; the note may be missing.");
    }

    private Did Viewpoint(HttpContext context)
    {
        string? text = context.Request.Query["from"];
        return text is null ? node.Did : Parse(text);
    }

    private static Did Subject(HttpContext context) =>
        Parse((string)context.Request.RouteValues["did"]!);

    private static Did Parse(string text) => Did.TryParse(text, out var did, out var reason)
        ? did
        : throw ApiException.Invalid("did-invalid", reason);

    private TrustShape Shape(TrustScore score, int pathsMax) => new(
        score.Viewpoint.ToString(),
        score.Subject.ToString(),
        score.Score.Value,
        Name(options.Trust.ClassOf(score.Score)),
        score.Direct is { } direct ? Shape(direct) : null,
        score.Paths.Length,
        [
            .. score.Paths.Take(pathsMax).Select(path => new TrustPathShape(
                Shape(path.First), Shape(path.Second),
                path.First.Weight.Value * path.Second.Weight.Value)),
        ],
        score.Arithmetic);

    private static EdgeShape Shape(TrustEdge edge) => new(
        edge.From.ToString(), edge.To.ToString(), edge.Weight.Value, edge.Note, edge.Time,
        edge.Entry.ToString());

    private static string Name(TrustClass trust) => trust switch
    {
        TrustClass.Isolated => "isolated",
        TrustClass.Known => "known",
        TrustClass.Partner => "partner",
        _ => "federated",
    };
}
