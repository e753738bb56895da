using Gossip.Actors;

namespace Gossip.Host.Configuration;

/// <summary>All that can be configured: the node's options, and where its API is.</summary>
internal sealed record Settings(GossipOptions Options, string Api);
