using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Is any rule broken? Looks at every signal and effect of every node from outside, by its own
/// books: what each disk committed, what was acknowledged, in which order it was delivered.
/// </summary>
public sealed class Watch(Cluster cluster)
{
    private readonly Dictionary<(int Node, TopicId Topic, LogId Log), DiskLog> _disks = [];
    private readonly Dictionary<(TopicId Topic, Dot Dot), EntryId> _written = [];
    private readonly Dictionary<int, Order> _orders = [];
    private const long StepsPerSecondMax = 20_000;
    private long _second;
    private long _steps;

    /// <summary>
    /// Authors that write two histories, meaning to or not: their logs may close.
    /// </summary>
    public HashSet<Did> TwoFaced { get; } = [];

    /// <summary>Every acknowledged entry.</summary>
    public Dictionary<EntryId, Dot> Acknowledged { get; } = [];

    /// <summary>Every message that a session was told to send.</summary>
    public event Action<SimulatedNode, SimulatedNode, GossipMessage>? Said;

    public void Committed(int node, Batch batch)
    {
        var author = cluster[node].Did;
        foreach (var record in batch.Logs.Where(l => l.Closure is not null))
        {
            Broken.Unless(
                TwoFaced.Contains(record.Log.Author),
                $"node {node} closed {record.Log}, whose author is honest");
            cluster[node].Record.Closed[(batch.Topic, record.Log)] = record.Closure!.Slot;
        }

        foreach (var entry in batch.Entries)
        {
            var (log, seq) = (entry.Header.Log, entry.Header.Seq);
            DiskOf(node, batch.Topic, log).Add(seq, entry.Id);
            if (log.Author.Equals(author) && !TwoFaced.Contains(author))
            {
                var first = _written.TryAdd((batch.Topic, entry.Dot), entry.Id)
                    ? entry.Id
                    : _written[(batch.Topic, entry.Dot)];
                Broken.Unless(first == entry.Id, $"node {node} wrote {entry.Dot} twice");
            }
        }
    }

    /// <summary>This node's store was replaced by an old copy.</summary>
    public void Forget(int node)
    {
        foreach (var key in _disks.Keys.Where(k => k.Node == node).ToArray())
        {
            _disks.Remove(key);
        }

        _orders.Remove(node);
    }

    public void Heard(SimulatedNode node, Signal signal)
    {
        Busy(node, signal);
        switch (signal)
        {
            case Signal.Advanced(var topic, var row):
                IsHeld(node, topic, row, "the ledger was told");
                break;
            case Signal.Send(var link, var message):
                Check(node, message);
                if (Said is { } said
                    && node.Links.FirstOrDefault(l => l.Link == link) is { } end)
                {
                    said(node, end.Other.Node, message);
                }

                break;
        }
    }

    public void Did(SimulatedNode node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Acknowledge(_, var receipts):
                foreach (var receipt in receipts)
                {
                    Broken.Unless(
                        _disks.Any(d => d.Key.Node == node.Number
                            && d.Key.Log == receipt.Dot.Log
                            && d.Value.IdAt(receipt.Dot.Seq) == receipt.Entry),
                        $"node {node.Number} acknowledged {receipt.Dot}, which is not committed");
                    Acknowledged[receipt.Entry] = receipt.Dot;
                }

                break;
            case Effect.Delivered(var topic, var position):
                OrderOf(node).Follow(topic, position);
                break;
        }
    }

    /// <summary>Every entry that this node ever delivered of a topic, in its order.</summary>
    public IReadOnlyList<Entry> History(SimulatedNode node, TopicId topic) =>
        OrderOf(node).Of(topic);

    /// <summary>More steps than this in one virtual second are a loop without end.</summary>
    private void Busy(SimulatedNode node, Signal signal)
    {
        var second = (long)cluster.Time.Now.TotalSeconds;
        _steps = second == _second ? _steps + 1 : 0;
        _second = second;
        Broken.Unless(
            _steps < StepsPerSecondMax,
            $"node {node.Number} finds no end: {(signal as Signal.Send)?.Message ?? (object)signal}");
    }

    private Order OrderOf(SimulatedNode node)
    {
        if (!_orders.TryGetValue(node.Number, out var order))
        {
            _orders[node.Number] = order = new(node);
        }

        return order;
    }

    private void Check(SimulatedNode node, GossipMessage message)
    {
        switch (message)
        {
            case GossipMessage.Announcement(var topic, var entries, _):
                AreHeld(node, topic, entries);
                break;
            case GossipMessage.PullResponse(var topic, _, var entries, _, _):
                AreHeld(node, topic, entries);
                break;
            case GossipMessage.Heads(var topic, var rows):
                rows.ToList().ForEach(r => IsHeld(node, topic, r, "heads told"));
                break;
            case GossipMessage.AntiEntropy step:
                foreach (var digest in step.Topics)
                {
                    digest.Rows.ToList().ForEach(r =>
                        IsHeld(node, digest.Topic, r, "a digest told"));
                }

                break;
        }
    }

    private void AreHeld(SimulatedNode node, TopicId topic, ImmutableArray<Entry> entries)
    {
        foreach (var entry in entries)
        {
            Broken.Unless(
                DiskOf(node.Number, topic, entry.Header.Log).IdAt(entry.Header.Seq) == entry.Id,
                $"node {node.Number} sent {entry.Dot} before its commit");
        }
    }

    private void IsHeld(SimulatedNode node, TopicId topic, Row row, string where)
    {
        var disk = DiskOf(node.Number, topic, row.Log);
        Broken.Unless(
            row.Holdings.Held.Except(disk.Slots).IsEmpty,
            $"node {node.Number}: {where} {row.Log} {row.Holdings}, committed {disk.Slots}");
        Broken.Unless(
            row.Holdings.Head == 0
                || disk.IdAt(row.Holdings.Head)?.Hash.Prefix == row.HeadIdPrefix,
            $"node {node.Number}: {where} another head of {row.Log} than is committed");
    }

    private DiskLog DiskOf(int node, TopicId topic, LogId log)
    {
        if (!_disks.TryGetValue((node, topic, log), out var disk))
        {
            _disks[(node, topic, log)] = disk = new();
        }

        return disk;
    }

    /// <summary>What one disk committed of one log.</summary>
    private sealed class DiskLog
    {
        private readonly Dictionary<long, EntryId> _ids = [];

        public IntervalSet Slots { get; private set; } = IntervalSet.Empty;

        public EntryId? IdAt(long seq) => _ids.TryGetValue(seq, out var id) ? id : null;

        public void Add(long seq, EntryId id)
        {
            _ids[seq] = id;
            Slots = Slots.Add(new(seq, seq));
        }
    }
}
