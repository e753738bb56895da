using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <content>What was asked, written, acknowledged, and what may be forgotten.</content>
public sealed partial class Watch
{
    private readonly Dictionary<(TopicId Topic, Dot Dot), EntryId> _written = [];
    private readonly HashSet<EntryId> _authored = [];
    private readonly HashSet<Hash> _asked = [];
    private readonly SortedSet<int> _destroyed = [];
    private readonly Dictionary<(int Node, CallId Call), PublishKey> _keys = [];
    private readonly Dictionary<(int Node, PublishKey Key), ImmutableArray<Receipt>> _first = [];

    /// <summary>
    /// Authors that write two histories, meaning to or not: their logs may close.
    /// </summary>
    public HashSet<Did> TwoFaced { get; } = [];

    /// <summary>Nodes whose disks lost what they had called durable.</summary>
    public SortedSet<int> Liars { get; } = [];

    /// <summary>Every acknowledged entry that must not be lost, and who acknowledged it.</summary>
    public Dictionary<EntryId, (Dot Dot, int Node)> Acknowledged { get; } = [];

    /// <summary>Acknowledged, and gone with the only disk that held it.</summary>
    public long Excused { get; private set; }

    /// <summary>No node ever lost what it had told others.</summary>
    public bool IsNothingDestroyed => _destroyed.Count == 0;

    /// <summary>A new process of this node runs.</summary>
    public void Began(SimulatedNode node)
    {
        if (cluster.Time.Now > TimeSpan.FromSeconds(1) && node.Generation == 1)
        {
            cluster.Sometimes.Reach(Rarity.NodeJoinedLate);
        }
    }

    public void Asked(
        SimulatedNode node, CallId call, PublishKey? key, IEnumerable<byte[]> payloads)
    {
        if (key is { } name)
        {
            _keys[(node.Number, call)] = name;
        }

        foreach (var payload in payloads)
        {
            _asked.Add(Hash.OfBytes(payload));
        }
    }

    public void Committed(int node, Batch batch)
    {
        foreach (var record in batch.Logs.Where(l => l.Closure is not null))
        {
            Close(node, batch.Topic, record);
        }

        foreach (var record in batch.Logs.Where(l => !l.Lost.IsEmpty || l.Floor > 1))
        {
            var disk = DiskOf(node, batch.Topic, record.Log);
            disk.EverLost = disk.EverLost.Union(record.Lost);
            disk.FloorMax = Math.Max(disk.FloorMax, record.Floor);
        }

        foreach (var entry in batch.Entries)
        {
            Commit(node, batch.Topic, entry);
        }
    }

    /// <summary>
    /// Signed by a two-faced author's key outside any node: honest nodes may store it.
    /// </summary>
    public void Forge(Entry entry)
    {
        TwoFaced.Add(entry.Header.Log.Author);
        _authored.Add(entry.Id);
    }

    /// <summary>This node's store was replaced by an old copy.</summary>
    public void Forget(int node)
    {
        foreach (var key in _disks.Keys.Where(k => k.Node == node).ToArray())
        {
            _disks.Remove(key);
        }

        foreach (var key in cluster[node].Record.Closed.Keys.ToArray())
        {
            cluster[node].Record.Closed.Remove(key);
        }

        _orders.Remove(node);
    }

    /// <summary>What its disk called durable is gone: it may write a second history.</summary>
    public void Lie(int node)
    {
        Liars.Add(node);
        TwoFaced.Add(cluster[node].Did);
    }

    /// <summary>
    /// This node's disk lost something: what no other disk holds, of what it acknowledged, cannot
    /// come back. Looked at once more when it is known who stays dead.
    /// </summary>
    public void Destroy(int node)
    {
        _destroyed.Add(node);
        Excuse();
    }

    public void Excuse()
    {
        var alive = _disks.Where(d => !cluster.Dead.Contains(d.Key.Node))
            .ToLookup(d => d.Key.Log, d => d.Value);
        foreach (var (id, (dot, author)) in Acknowledged.ToArray())
        {
            if (_destroyed.Contains(author) && !alive[dot.Log].Any(d => d.Holds(dot, id)))
            {
                Acknowledged.Remove(id);
                Excused++;
            }
        }
    }

    private void Close(int node, TopicId topic, LogRecord record)
    {
        var slot = record.Closure!.Slot;
        var disk = DiskOf(node, topic, record.Log);
        Broken.Unless(
            record.Closure.Proof.IsEnd || TwoFaced.Contains(record.Log.Author),
            $"node {node} closed {record.Log}, whose author is honest");
        Broken.Unless(
            disk.ClosedAt is null || disk.ClosedAt >= slot,
            $"node {node} raised the closure of {record.Log}");
        if (disk.ClosedAt is null && !record.Closure.Proof.IsEnd)
        {
            cluster.Sometimes.Reach(
                disk.Slots.IsEmpty ? Rarity.ProofBeforeEntries : Rarity.Forked);
        }

        disk.ClosedAt = slot;
        cluster[node].Record.Closed[(topic, record.Log)] = slot;
    }

    private void Commit(int node, TopicId topic, Entry entry)
    {
        var (log, seq) = (entry.Header.Log, entry.Header.Seq);
        var disk = DiskOf(node, topic, log);
        Broken.Unless(
            Hash.OfBytes(entry.PayloadList.Span) == entry.Header.PayloadHash,
            $"node {node} committed other payloads than {log} wrote");
        if (disk.ClosedAt is null && disk.IdAt(seq - 1) is { } before)
        {
            Broken.Unless(before == entry.Header.Prev, $"node {node} broke the chain of {log}");
        }

        Broken.Unless(
            disk.IdAt(seq) is not { } held || (held == entry.Id && seq < disk.FloorMax),
            $"node {node} wrote over {entry.Dot}, which it had first");
        disk.Add(seq, entry.Id);
        if (log.Author.Equals(cluster[node].Did))
        {
            Author(node, topic, entry);
        }
        else
        {
            Broken.Unless(
                _authored.Contains(entry.Id), $"node {node} committed what nobody wrote");
        }
    }

    private void Author(int node, TopicId topic, Entry entry)
    {
        var isNew = _authored.Add(entry.Id);
        var first = _written.TryAdd((topic, entry.Dot), entry.Id)
            ? entry.Id
            : _written[(topic, entry.Dot)];
        Broken.Unless(
            first == entry.Id || TwoFaced.Contains(entry.Header.Log.Author),
            $"node {node} wrote one number twice");
        if (isNew && !entry.Header.IsPolicy)
        {
            Broken.Unless(
                EntryFormat.DecodePayloads(entry.PayloadList)
                    .All(p => _asked.Contains(Hash.OfBytes(p.Data.Span))),
                $"node {node} wrote what nobody published");
        }
    }

    private void Acknowledge(SimulatedNode node, CallId call, ImmutableArray<Receipt> receipts)
    {
        if (_keys.TryGetValue((node.Number, call), out var key))
        {
            var isFirst = _first.TryAdd((node.Number, key), receipts);
            Broken.Unless(
                isFirst || _destroyed.Contains(node.Number) || TwoFaced.Contains(node.Did)
                    || _first[(node.Number, key)].SequenceEqual(receipts),
                $"node {node.Number} wrote twice under one key");
            if (!isFirst)
            {
                cluster.Sometimes.Reach(Rarity.PublishedAgain);
            }
        }

        foreach (var receipt in receipts)
        {
            var isHeld = node.Topics.Any(t => _disks.TryGetValue(
                    (node.Number, t.Id, receipt.Dot.Log), out var disk)
                && disk.Holds(receipt.Dot, receipt.Entry));
            Broken.Unless(
                isHeld, $"node {node.Number} acknowledged what is not committed");
            Acknowledged[receipt.Entry] = (receipt.Dot, node.Number);
        }
    }
}
