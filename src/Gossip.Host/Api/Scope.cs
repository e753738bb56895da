namespace Gossip.Host.Api;

/// <summary>
/// What may a token do? Each scope stands alone: who publishes does not read, who administers does
/// neither.
/// </summary>
[Flags]
internal enum Scope
{
    /// <summary>Whoever reaches the node: whether it lives, and nothing else.</summary>
    Open = 0,

    /// <summary>Topics, entries, streams, status; and where a named reader stands.</summary>
    Read = 1,

    Publish = 2,

    /// <summary>What the node carries, runs and forgets.</summary>
    Admin = 4,
}

/// <summary>A route says what it takes; one that does not say is refused.</summary>
internal static class Scopes
{
    public const string Names = "read, publish, admin";

    private static readonly Scope[] All = [Scope.Read, Scope.Publish, Scope.Admin];

    public static void Needs(this IEndpointConventionBuilder route, Scope scope) =>
        route.WithMetadata(new Need(scope));

    /// <summary>Null when the route does not say.</summary>
    public static Scope? Of(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Need>()?.Scope;

    /// <summary>As in <c>read,publish</c>; null when a name is none, or none is there.</summary>
    public static Scope? Parse(string text)
    {
        var scopes = Scope.Open;
        foreach (var name in text.Split(','))
        {
            var scope = Array.Find(All, s => Name(s) == name.Trim());
            if (scope == Scope.Open)
            {
                return null;
            }

            scopes |= scope;
        }

        return scopes;
    }

    public static string Show(Scope scopes) =>
        string.Join(',', All.Where(scope => scopes.HasFlag(scope)).Select(Name));

    private static string Name(Scope scope) => scope.ToString().ToLowerInvariant();

    private sealed record Need(Scope Scope);
}
