using Gossip.Actors;

namespace Gossip.Host.Configuration;

/// <summary>What a configuration file can say: the node's options, and where its API is.</summary>
internal sealed record FileSettings(GossipOptions Options, string Api);
