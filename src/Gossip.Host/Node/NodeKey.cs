using Gossip.Actors.Protocol;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>Which DID does a data directory hold the key of?</summary>
internal static class NodeKey
{
    /// <summary>Null when there is no key.</summary>
    public static Did? Find(string directory) => throw NotYet(directory);

    public static Did Create(string directory) => throw NotYet(directory);

    private static CommandException NotYet(string directory) => CommandException.Failed(
        "key-unavailable", $"Keys in {directory} cannot be read by this version.");
}
