using Gossip.Actors;
using Gossip.Host.Api;
using Gossip.Host.Node;

namespace Gossip.Host.Configuration;

/// <summary>
/// All that can be configured: the node's options, its API, its topic actors, what it logs.
/// </summary>
internal sealed record Settings(GossipOptions Options, string Api)
{
    public IReadOnlyList<ActorSource> Actors { get; init; } = [];

    public ApiSettings Http { get; init; } = new();

    /// <summary>What runs the node.</summary>
    public RuntimeKind Runtime { get; init; }

    /// <summary>What the same files say under akka { … }, as JSON; null when nothing.</summary>
    public string? Akka { get; init; }

    /// <summary>The least important lines that are logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// Each begins with the last word of a key; empty when a node can start with these.
    /// </summary>
    public IEnumerable<string> Refusals() => Options.Refusals().Concat(Http.Refusals(Api));
}
