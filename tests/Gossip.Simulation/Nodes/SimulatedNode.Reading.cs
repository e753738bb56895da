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
    public Hash RootOf(TopicRef topic)
    {
        var (logs, policy) = PolicyOf(topic);
        return Row.Root(logs.Values.Select(policy.RowOf).OfType<Row>());
    }

    /// <summary>Who may do what, as far as this node's store knows.</summary>
    internal Rights RightsIn(TopicRef topic) => PolicyOf(topic).Policy.Rights;

    private (SortedDictionary<LogId, LogState> Logs, Policy Policy) PolicyOf(TopicRef topic)
    {
        var record = Load(topic);
        var islands = record.Islands.ToLookup(i => i.Dot.Log);
        var logs = new SortedDictionary<LogId, LogState>();
        foreach (var log in record.Logs)
        {
            logs.Add(log.Log, new(log, islands[log.Log]));
        }

        return (logs, new(topic, record.Policies, logs));
    }

    public Hash RootOf(string topic) => RootOf(TopicRef.Public(new(topic)));

    public TopicRecord Load(TopicRef topic) =>
        Done(Disk.Store.LoadAsync(topic, Disk.GenerationOf(topic.Id), default));

    public TopicRecord Load(string topic) => Load(TopicRef.Public(new(topic)));

    /// <summary>What a reader of this node sees now: without what a closure took out.</summary>
    public IReadOnlyList<Entry> Delivered(TopicRef topic) =>
    [
        .. Done(Disk.Store.ReadDeliveredAsync(
            topic.Id, 0, int.MaxValue, int.MaxValue, default))
            .Select(d => d.Entry),
    ];

    public IReadOnlyList<Entry> Delivered(string topic) =>
        Delivered(TopicRef.Public(new(topic)));
}
