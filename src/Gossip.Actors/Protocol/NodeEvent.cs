namespace Gossip.Actors.Protocol;

/// <summary>
/// What happened in a node, for whoever watches: once each, and only after it is durable.
/// </summary>
public abstract record NodeEvent
{
    private NodeEvent()
    {
    }

    /// <summary>This node wrote an entry.</summary>
    public sealed record Created(TopicName Topic, Dot Dot, EntryId Entry, int Payloads)
        : NodeEvent;

    /// <summary>An entry came from a peer, and is stored here.</summary>
    public sealed record Received(TopicName Topic, Dot Dot, EntryId Entry, int Payloads)
        : NodeEvent;

    /// <summary>A peer proved who it is, and may talk.</summary>
    public sealed record PeerAdded(Did Peer, string Address) : NodeEvent;

    /// <summary>The last connection to a peer ended.</summary>
    public sealed record PeerRemoved(Did Peer, string Address, string Reason) : NodeEvent;

    /// <summary>A round that this node began has ended.</summary>
    public sealed record Exchanged(SyncResult Result) : NodeEvent;

    /// <summary>
    /// A log no longer counts from a slot on: it forked, or its author ended it.
    /// <paramref name="Undelivered"/> of its entries had been delivered and are now disputed;
    /// readers do not see them again.
    /// </summary>
    public sealed record Closed(TopicName Topic, Closure Closure, long Undelivered) : NodeEvent;

    /// <summary>
    /// The topic's policy takes away a log from a slot on; <paramref name="Undelivered"/> of its
    /// entries had been delivered, and readers do not see them again.
    /// </summary>
    public sealed record Revoked(TopicName Topic, LogId Log, long From, long Undelivered)
        : NodeEvent;

    /// <summary>A peer has been silent for longer than the partition threshold.</summary>
    public sealed record PartitionSuspected(Did Peer, long SilentSince) : NodeEvent;

    /// <summary>
    /// A peer that had been silent for long holds the same entries again: a round proved it.
    /// </summary>
    public sealed record PartitionHealed(Did Peer, TimeSpan After) : NodeEvent;

    /// <summary>A topic actor failed several times on one entry; a person decides.</summary>
    public sealed record ActorParked(TopicName Topic, string Name, long? Position, string Error)
        : NodeEvent;

    /// <summary>Whoever watches was too slow: so many events were left out here.</summary>
    public sealed record Missed(long Events) : NodeEvent;
}
