using Gossip.Actors;
using Gossip.Host.Node;

namespace Gossip.Host.Configuration;

/// <summary>
/// All that can be configured: the node's options, where its API is, and what topic actors it runs.
/// </summary>
internal sealed record Settings(GossipOptions Options, string Api)
{
    public IReadOnlyList<ActorSource> Actors { get; init; } = [];
}
