using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <content>What a user of the node would do and see.</content>
public sealed partial class SimulatedNode
{
    /// <summary>Publishes, and lets time pass until it is durable.</summary>
    public Receipt PublishAndWait(string topic, params byte[][] payloads)
    {
        var call = Publish(topic, payloads);
        var isDone = cluster.RunUntil(
            TimeSpan.FromMinutes(1), () => Record.Receipts.ContainsKey(call));
        Broken.Unless(isDone, $"node {number} did not acknowledge within a minute");
        return Record.Receipts[call][0];
    }

    public Entry? Find(EntryId id) => Done(Disk.Store.FindAsync(id, default));

    /// <summary>Some peer is up and carries a topic too.</summary>
    public bool IsConnected => Record.Subscribers.Count > 0;

    /// <summary>
    /// What the store alone says: two nodes that hold the same have the same root.
    /// </summary>
    public Hash RootOf(string topic)
    {
        var record = Done(Disk.Store.LoadAsync(new(topic), Generation, default));
        var islands = record.Islands.ToLookup(i => i.Dot.Log);
        return Row.Root(record.Logs.Select(l => new LogState(l, islands[l.Log]).Row));
    }

    /// <summary>What a reader of this node sees now: without what a closure took out.</summary>
    public IReadOnlyList<Entry> Delivered(string topic) =>
    [
        .. Done(Disk.Store.ReadDeliveredAsync(
            TopicId.OfPublic(new(topic)), 0, int.MaxValue, int.MaxValue, default))
            .Select(d => d.Entry),
    ];
}
