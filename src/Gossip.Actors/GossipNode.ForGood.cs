using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Actors;

/// <summary>This part: what cannot be undone.</summary>
public sealed partial class GossipNode
{
    /// <summary>
    /// Ends the log that this node writes in a topic, for good: a last, signed entry says so, and
    /// nobody waits for more. A later publish begins a new log.
    /// </summary>
    /// <exception cref="GossipException">topic-unknown, store-…, stopped.</exception>
    public Task EndLogAsync(TopicName topic, CancellationToken stop) =>
        _node.Publishing.PublishAsync(IdOf(topic), [], new(), stop);

    /// <summary>
    /// Takes back what an entry carries, here and at every node that hears of it: its author may,
    /// or the topic's owner. The entry stays, without payloads. Nothing changes when it is erased.
    /// </summary>
    /// <exception cref="GossipException">
    /// entry-unknown, erase-refused, topic-unknown, write-refused, store-…, stopped.
    /// </exception>
    public Task EraseAsync(EntryId id, CancellationToken stop) =>
        Erasing.RunAsync(_node, id, stop);

    /// <summary>
    /// Replaces this node's key: every log that it writes ends, names the new key and is signed by
    /// both; then the files change places. Nothing is published any more; restart the node, and it
    /// is the new identity. What was begun is finished by the next call, or the next start.
    /// </summary>
    /// <exception cref="GossipException">
    /// key-given, key-unwritable, store-…, topic-…, stopped.
    /// </exception>
    public Task<KeyRotation> RotateKeyAsync(CancellationToken stop) =>
        _node.Replacement.RunAsync(stop);
}
