using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Is any rule broken? Looks at every signal and effect of every node from outside, by its own
/// books: what each disk committed, what was acknowledged, in which order it was delivered.
/// </summary>
public sealed partial class Watch(Cluster cluster)
{
    private readonly Dictionary<(int Node, TopicId Topic, LogId Log), DiskLog> _disks = [];
    private readonly Dictionary<int, Order> _orders = [];
    private readonly long _stepsPerSecondMax =
        20_000 + (4_000L * cluster.Shape.Nodes * cluster.Shape.Nodes);

    private long _second;
    private long _steps;

    /// <summary>Every message that a session was told to send.</summary>
    public event Action<SimulatedNode, SimulatedNode, GossipMessage>? Said;

    /// <summary>Every effect of every machine, before it is performed.</summary>
    public event Action<SimulatedNode, Effect>? Happened;

    public void Heard(SimulatedNode node, Signal signal)
    {
        Busy(node, signal);
        switch (signal)
        {
            case Signal.Advanced(var topic, var row):
                IsHeld(node, topic, row, "the ledger was told");
                break;
            case Signal.Received(var link, var from, _, _):
                Broken.Unless(
                    node.EndOf(link) is not { } end || end.Other.Node.Did.Equals(from),
                    $"node {node.Number}: {link} speaks for another");
                break;
            case Signal.Send(var link, var message):
                Check(node, message);
                if (Said is { } said && node.EndOf(link) is { } way)
                {
                    said(node, way.Other.Node, message);
                }

                break;
        }
    }

    public void Did(SimulatedNode node, Effect effect)
    {
        Happened?.Invoke(node, effect);
        switch (effect)
        {
            case Effect.Acknowledge(var call, var receipts):
                Acknowledge(node, call, receipts);
                break;
            case Effect.Delivered(var topic, var position):
                OrderOf(node).Follow(topic, position);
                break;
            case Effect.Tell(Signal.Misbehaved(_, var by, var kind, var evidence))
                when kind != Misconduct.PromiseBroken:
                Broken.Unless(
                    by is not null && Culprits.Contains(by),
                    $"node {node.Number} has proof of {kind} where all are honest: {evidence}");
                break;
            case Effect.Happened(NodeEvent.PeerJudged(var did, var standing, var why))
                when standing != Standing.Good:
                Broken.Unless(
                    Culprits.Contains(did),
                    $"node {node.Number} holds an honest peer {standing}: {why}");
                break;
            case Effect.Serve { Wants: var wants } when wants.Sum(w => w.Entries.Slots)
                >= node.Options.Sizes.PageEntriesMax:
                cluster.Sometimes.Reach(Rarity.BacklogOfPages);
                break;
        }
    }

    /// <summary>Whom it is no error to mistrust; nobody else may ever be.</summary>
    public HashSet<Did> Culprits { get; } = [];

    /// <summary>Every entry that this node ever delivered of a topic, in its order.</summary>
    public IReadOnlyList<Entry> History(SimulatedNode node, TopicId topic) =>
        OrderOf(node).Of(topic);

    /// <summary>
    /// The very slot holds another id here: what an author saw there will never count.
    /// </summary>
    internal bool HoldsAnother(int node, TopicId topic, Dependency dependency) =>
        DiskOf(node, topic, dependency.Log).IdAt(dependency.Seq) is { } id
        && id.Hash.Prefix != dependency.IdPrefix;

    /// <summary>Nobody could serve it when this node went on.</summary>
    internal bool WasLost(int node, TopicId topic, Dot dot) =>
        DiskOf(node, topic, dot.Log).EverLost.Contains(dot.Seq);

    /// <summary>More steps than this in one virtual second are a loop without end.</summary>
    private void Busy(SimulatedNode node, Signal signal)
    {
        var second = (long)cluster.Time.Now.TotalSeconds;
        _steps = second == _second ? _steps + 1 : 0;
        _second = second;
        if (_steps >= _stepsPerSecondMax)
        {
            throw new BrokenException($"node {node.Number} finds no end: {signal}");
        }
    }

    private Order OrderOf(SimulatedNode node)
    {
        if (!_orders.TryGetValue(node.Number, out var order))
        {
            _orders[node.Number] = order = new(node, this);
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
                AreHeld(node, topic, rows, "heads told");
                break;
            case GossipMessage.AntiEntropy step:
                foreach (var digest in step.Topics)
                {
                    AreHeld(node, digest.Topic, digest.Rows, "a digest told");
                }

                break;
        }
    }

    private void AreHeld(SimulatedNode node, TopicId topic, ImmutableArray<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (DiskOf(node.Number, topic, entry.Header.Log).IdAt(entry.Header.Seq) != entry.Id)
            {
                throw new BrokenException(
                    $"node {node.Number} sent {entry.Dot} before its commit");
            }
        }
    }

    private void AreHeld(
        SimulatedNode node, TopicId topic, ImmutableArray<Row> rows, string where)
    {
        foreach (var row in rows)
        {
            IsHeld(node, topic, row, where);
        }
    }

    private void IsHeld(SimulatedNode node, TopicId topic, Row row, string where)
    {
        var disk = DiskOf(node.Number, topic, row.Log);
        if (disk.WasTold(row))
        {
            return;
        }

        if (!row.Holdings.Held.Except(disk.Slots).IsEmpty)
        {
            throw new BrokenException(
                $"node {node.Number}: {where} {row.Log} {row.Holdings}, committed {disk.Slots}");
        }

        Broken.Unless(
            row.Holdings.Head < row.Holdings.Floor
                || disk.IdAt(row.Holdings.Head)?.Hash.Prefix == row.HeadIdPrefix,
            $"node {node.Number}: {where} another head than is committed");
        disk.Tell(row);
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
        private Row? _told;

        public IntervalSet Slots { get; private set; } = IntervalSet.Empty;

        public IntervalSet EverLost { get; set; } = IntervalSet.Empty;

        /// <summary>The highest there ever was: below it, what was held was forgotten.</summary>
        public long FloorMax { get; set; } = 1;

        /// <summary>The slot from which it is closed, as last committed.</summary>
        public long? ClosedAt { get; set; }

        public EntryId? IdAt(long seq) => _ids.TryGetValue(seq, out var id) ? id : null;

        public bool Holds(Dot dot, EntryId id) => IdAt(dot.Seq) == id;

        public void Add(long seq, EntryId id)
        {
            _ids[seq] = id;
            Slots = Slots.Add(new(seq, seq));
        }

        /// <summary>This very row was checked before: nothing that is held is ever lost.</summary>
        public bool WasTold(Row row) => ReferenceEquals(_told, row);

        public void Tell(Row row) => _told = row;
    }
}
