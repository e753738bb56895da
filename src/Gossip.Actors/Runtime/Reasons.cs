using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors.Runtime;

/// <summary>What a caller is told when the machine that should have answered is gone.</summary>
internal static class Reasons
{
    public static GossipException Busy => new(
        "topic-busy", "A part of the node restarts after a fault: try again.");

    public static GossipException Stopped => new("stopped", "The node is stopped.");

    public static GossipException KeyRotated(Did next) => new(
        "key-rotated",
        $"This node's key is rotated: restart it, and it publishes as {next}.");

    public static GossipException Of(Exception fault) => fault is StoreException store
        ? new($"store-{StatusBoard.Kebab(store.Fault)}", store.Message, store)
        : new("topic-failed", $"The topic failed and restarts: {fault.Message}", fault);
}
