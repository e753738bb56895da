using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Is there anything to erase, before its topic is asked?</summary>
internal static class Erasing
{
    /// <exception cref="GossipException">
    /// entry-unknown, erase-refused, topic-unknown, write-refused, store-…, stopped.
    /// </exception>
    public static async Task RunAsync(RunningNode node, EntryId id, CancellationToken stop)
    {
        var entry = await node.AskAsync(store => store.FindAsync(id, stop)).ConfigureAwait(false)
            ?? throw new GossipException(
                "entry-unknown",
                $"This node does not hold {id}: ask one that does, or wait until it is here.");
        if (entry.IsErased)
        {
            return;
        }

        if (!EntryRules.IsErasable(entry.Header))
        {
            throw new GossipException(
                "erase-refused",
                $"{entry.Dot} carries nothing that a user published: it says who may write, what "
                + "is erased, or that its log is over, and others depend on it.");
        }

        var topic = entry.SignedHeader.Topic;
        if (node.Topics.All.All(t => t.Id != topic))
        {
            throw new GossipException(
                "topic-unknown",
                $"This node does not carry the topic of {id} any more: join it, then erase.");
        }

        await node.Publishing.EraseAsync(topic, entry, stop).ConfigureAwait(false);
    }
}
