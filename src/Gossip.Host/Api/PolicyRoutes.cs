using System.Text.Json.Serialization.Metadata;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>What can be asked about topics with an owner: make one, invite, revoke, look.</summary>
internal sealed class PolicyRoutes(GossipNode node)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/topics", CreateAsync).Needs(Scope.Admin);
        routes.MapGet("/topics/{name}/policy", ShowAsync).Needs(Scope.Read);
        routes.MapPost("/topics/{name}/invite", InviteAsync).Needs(Scope.Admin);
        routes.MapPost("/topics/{name}/revoke", RevokeAsync).Needs(Scope.Admin);
        routes.MapPost("/topics/{name}/appoint", AppointAsync).Needs(Scope.Admin);
        routes.MapPost("/topics/{name}/take-over", TakeOverAsync).Needs(Scope.Admin);
        routes.MapPut("/topics/{name}/terms", SetTermsAsync).Needs(Scope.Admin);
    }

    /// <summary>What is shown wherever a topic's policy is asked for.</summary>
    public static PolicyShape? Shape(TopicStatus topic) => topic.Policy is not { } policy
        ? null
        : new(
            topic.Name.Value,
            new TopicRef(topic.Id, topic.Name).ToString(),
            policy.Owner?.ToString(),
            policy.Terms is { } terms ? NameOf(terms.Kind) : null,
            policy.Terms?.MinTrust ?? 0,
            policy.Terms?.Keep.TotalSeconds ?? 0,
            policy.Terms?.KeepBytes ?? 0,
            policy.MayWrite,
            policy.MayGovern,
            policy.Problem,
            [.. policy.Members.Select(m => new MemberShape(
                m.Did.ToString(), m.Right, m.EntriesMax, m.Address))]);

    private async Task CreateAsync(HttpContext context)
    {
        var asked = await ReadAsync(
            context, ApiJson.Shared.CreateShape, "{\"label\":\"plans\"}");
        var topic = await node.Policies.CreateAsync(
            asked.Label ?? throw ApiException.Invalid(
                "body-invalid", "A topic needs a label: {\"label\":\"plans\"}."),
            TermsOf(asked),
            CancellationToken.None);
        await ApiErrors.Write(context, 200,
            new CreatedShape(topic.Name.Value, topic.ToString()), ApiJson.Shared.CreatedShape);
    }

    private async Task InviteAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        var asked = await ReadAsync(
            context, ApiJson.Shared.InviteShape, "{\"did\":DID,\"writes\":true}");
        await node.Policies.InviteAsync(
            name,
            DidOf(asked.Did),
            new()
            {
                Writes = asked.Writes ?? true,
                EntriesMax = asked.EntriesMax ?? 0,
                Address = asked.Address,
            },
            CancellationToken.None);
        await AnswerAsync(context, name);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        var asked = await ReadAsync(
            context, ApiJson.Shared.RevokeShape, "{\"did\":DID}");
        await node.Policies.RevokeAsync(name, DidOf(asked.Did), CancellationToken.None);
        await AnswerAsync(context, name);
    }

    private async Task AppointAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        var asked = await ReadAsync(
            context, ApiJson.Shared.AppointShape, "{\"did\":DID,\"role\":\"delegate\"}");
        var role = asked.Role switch
        {
            "delegate" => PolicyRole.Delegate,
            "successor" => PolicyRole.Successor,
            _ => throw ApiException.Invalid(
                "role-invalid", $"role: delegate or successor, not '{asked.Role}'."),
        };
        await node.Policies.AppointAsync(name, DidOf(asked.Did), role, CancellationToken.None);
        await AnswerAsync(context, name);
    }

    private async Task TakeOverAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        await node.Policies.TakeOverAsync(name, CancellationToken.None);
        await AnswerAsync(context, name);
    }

    private async Task SetTermsAsync(HttpContext context)
    {
        var name = Query.Topic(context);
        var asked = await ReadAsync(
            context, ApiJson.Shared.CreateShape, "{\"kind\":\"private\"}");
        if (asked.Label is not null)
        {
            throw ApiException.Invalid("body-invalid", "A topic's label never changes.");
        }

        await node.Policies.SetTermsAsync(name, TermsOf(asked), CancellationToken.None);
        await AnswerAsync(context, name);
    }

    private Task ShowAsync(HttpContext context) => AnswerAsync(context, Query.Topic(context));

    private async Task AnswerAsync(HttpContext context, TopicName name)
    {
        var topic = await TopicRoutes.TopicAsync(node, name, context.RequestAborted);
        await ApiErrors.Write(context, 200,
            Shape(topic) ?? throw new ApiException(
                StatusCodes.Status409Conflict, "topic-public",
                $"'{name}' is public: anyone may read and write it, and nobody owns it."),
            ApiJson.Shared.PolicyShape);
    }

    private static PolicyTerms TermsOf(CreateShape asked) => new()
    {
        Kind = asked.Kind switch
        {
            null or "private" => TopicKind.Private,
            "trust-gated" => TopicKind.TrustGated,
            _ => throw ApiException.Invalid(
                "kind-invalid", $"kind: private or trust-gated, not '{asked.Kind}'."),
        },
        MinTrust = asked.MinTrust ?? 0,
        Keep = asked.KeepSeconds is { } seconds
            ? seconds is >= 0 and <= 1e10
                ? TimeSpan.FromSeconds(seconds)
                : throw ApiException.Invalid(
                    "policy-terms", $"keepSeconds: 0 to 1e10, not {seconds}.")
            : TimeSpan.Zero,
        KeepBytes = asked.KeepBytes ?? 0,
    };

    public static string NameOf(TopicKind kind) =>
        kind == TopicKind.TrustGated ? "trust-gated" : "private";

    private static Did DidOf(string? text) =>
        Did.TryParse(text ?? "", out var did, out var reason)
            ? did
            : throw ApiException.Invalid("did-invalid", $"did: {reason}");

    internal static async Task<T> ReadAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, string expected)
        where T : class =>
        await Body.ReadJsonAsync(context.Request, type, expected, context.RequestAborted)
        ?? throw ApiException.Invalid("body-invalid", $"Expected {expected}.");
}
