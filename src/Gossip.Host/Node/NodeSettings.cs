using System.Net;
using Gossip.Actors;

namespace Gossip.Host.Node;

/// <summary>What a node process starts with, after file and flags.</summary>
internal sealed record NodeSettings(
    GossipOptions Options, IPEndPoint Api, IReadOnlyList<ActorSource> Actors, bool IsJson)
{
    /// <summary>Names the API's address, so that commands with --data find this node.</summary>
    public const string ApiAddressFile = "api.address";
}
