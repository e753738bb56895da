using Gossip.Actors.Trust;

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

    /// <summary>
    /// An author replaced its key: the entry in this slot ends one of its logs, signed by both.
    /// What was granted to the old key, or said of it, follows to the new.
    /// </summary>
    public sealed record Rotated(TopicName Topic, Did Old, Did New, Dot Slot) : NodeEvent;

    /// <summary>
    /// The payloads of this entry are taken back, by whoever may: here they are gone, or will not
    /// be kept when the entry comes.
    /// </summary>
    public sealed record Erased(TopicName Topic, Dot Dot, EntryId Entry, Did By) : NodeEvent;

    /// <summary>
    /// This node's own key was replaced in every topic and in its directory: it becomes
    /// <paramref name="New"/> at its next start, and publishes nothing until then.
    /// </summary>
    public sealed record KeyReplaced(Did Old, Did New) : NodeEvent;

    /// <summary>A peer has been silent for longer than the partition threshold.</summary>
    public sealed record PartitionSuspected(Did Peer, long SilentSince) : NodeEvent;

    /// <summary>
    /// A peer that had been silent for long holds the same entries again: a round proved it.
    /// </summary>
    public sealed record PartitionHealed(Did Peer, TimeSpan After) : NodeEvent;

    /// <summary>
    /// An identity stands differently from now on: it was quarantined, banned, blocked, pardoned,
    /// or what it did was long enough ago.
    /// </summary>
    public sealed record PeerJudged(Did Peer, Standing Standing, string Reason) : NodeEvent;

    /// <summary>
    /// Another process runs with this node's key: once per process that said hello, and once per
    /// log that it writes. Nothing stops; a person should give each node a key of its own.
    /// </summary>
    public sealed record TwinSeen(TwinView Twin) : NodeEvent;

    /// <summary>A topic actor failed several times on one entry; a person decides.</summary>
    public sealed record ActorParked(TopicName Topic, string Name, long? Position, string Error)
        : NodeEvent;

    /// <summary>
    /// Someone's word about someone else changed: a weight of 0 withdrew it.
    /// </summary>
    public sealed record Attested(Did Author, Did Subject, Weight Weight) : NodeEvent;

    /// <summary>Whoever watches was too slow: so many events were left out here.</summary>
    public sealed record Missed(long Events) : NodeEvent;
}
