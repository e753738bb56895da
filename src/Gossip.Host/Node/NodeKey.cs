using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>Which DID does a data directory hold the key of?</summary>
internal static class NodeKey
{
    /// <summary>Null when there is no key.</summary>
    public static Did? Find(string directory) =>
        File.Exists(Path.Combine(directory, KeyFile.Name)) ? FindOrCreate(directory) : null;

    public static Did FindOrCreate(string directory)
    {
        try
        {
            using var keys = KeyFile.LoadOrCreate(directory);
            return keys.Self;
        }
        catch (GossipException e)
        {
            throw CommandException.Failed(e.Code, e.Message);
        }
    }
}
