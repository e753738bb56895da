using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <content>What a user of the node would do and see.</content>
public sealed partial class SimulatedNode
{
    /// <summary>Publishes, and lets time pass until it is durable.</summary>
    public Receipt PublishAndWait(string topic, params byte[][] payloads) =>
        PublishAndWait(topic, null, payloads);

    public Receipt PublishAndWait(string topic, PublishKey? key, params byte[][] payloads)
    {
        var call = Publish(topic, key, payloads);
        var isDone = _cluster.RunUntil(
            TimeSpan.FromMinutes(1),
            () => Record.Receipts.ContainsKey(call) || Record.Failed.Contains(call));
        Broken.Unless(isDone, $"node {Number} did not acknowledge within a minute");
        Broken.Unless(
            Record.Receipts.ContainsKey(call), $"node {Number} could not publish");
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
        var record = Load(topic);
        var islands = record.Islands.ToLookup(i => i.Dot.Log);
        return Row.Root(record.Logs
            .Select(l => new LogState(l, islands[l.Log]))
            .Where(s => !s.IsEmpty)
            .Select(s => s.RowWith([])));
    }

    public TopicRecord Load(string topic) =>
        Done(Disk.Store.LoadAsync(
            new TopicName(topic), Disk.GenerationOf(TopicId.OfPublic(new(topic))), default));

    /// <summary>What a reader of this node sees now: without what a closure took out.</summary>
    public IReadOnlyList<Entry> Delivered(string topic) =>
    [
        .. Done(Disk.Store.ReadDeliveredAsync(
            TopicId.OfPublic(new(topic)), 0, int.MaxValue, int.MaxValue, default))
            .Select(d => d.Entry),
    ];
}
