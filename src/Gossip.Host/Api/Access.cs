namespace Gossip.Host.Api;

/// <summary>
/// Who asks, and may they? With tokens every route but the open ones needs one that has the route's
/// scope, on loopback too; without tokens whoever is on this machine may do everything.
/// </summary>
internal sealed class Access(TokenBook? tokens, RequestRate rate, ApiRefusals refusals)
{
    private const string Scheme = "Bearer ";

    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        var given = Given(context);
        var token = given is null ? null : tokens?.Find(given);
        rate.Take(context, token);
        var endpoint = context.GetEndpoint();
        var need = endpoint is null ? null : Scopes.Of(endpoint);
        if (endpoint is RouteEndpoint && need is null)
        {
            throw refusals.Refuse(ApiLimit.Scope,
                StatusCodes.Status403Forbidden, "scope-undeclared",
                "This route does not say which scope it needs, so nobody may use it.");
        }

        if (need != Scope.Open)
        {
            Check(context, need, given, token);
            context.Features.Set(new Caller(token));
            if (token is not null || !Body.IsExpected(context))
            {
                context.Features.Get<Connections.Open>()?.Trust();
            }
        }
        else if (tokens is null || token?.Scopes.HasFlag(Scope.Read) == true)
        {
            context.Features.Set(new Caller(token));
        }

        await next(context);
    }

    /// <summary>Whether an open route may say more than yes or no.</summary>
    public static bool IsKnown(HttpContext context) => context.Features.Get<Caller>() is not null;

    /// <summary>
    /// An unknown route needs a token, whichever: what there is, is not for strangers.
    /// </summary>
    private void Check(HttpContext context, Scope? need, string? given, AccessToken? token)
    {
        if (tokens is null)
        {
            return;
        }

        if (token is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"gossip\"";
            throw refusals.Refuse(ApiLimit.Token, StatusCodes.Status401Unauthorized,
                given is null ? "token-needed" : "token-unknown",
                given is null
                    ? "This node asks for a token: --token-file FILE, GOSSIP_TOKEN, or the header "
                        + "Authorization: Bearer TOKEN. Whoever runs the node makes one with: "
                        + "gossip token create"
                    : "This node does not know that token: it was revoked, or is another node's.");
        }

        if (need is { } scope && !token.Scopes.HasFlag(scope))
        {
            throw refusals.Refuse(ApiLimit.Scope, StatusCodes.Status403Forbidden, "scope-missing",
                $"Token '{token.Name}' has {Scopes.Show(token.Scopes)}; {context.Request.Method} "
                + $"{context.Request.Path} needs {Scopes.Show(scope)}.");
        }
    }

    private static string? Given(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    private sealed record Caller(AccessToken? Token);
}
