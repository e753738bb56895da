using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What was delivered just now? Followers of a live topic read it here, from memory, instead of
/// from the file: what the writer has committed, in order, the newest so many bytes of it.
/// </summary>
internal sealed class DeliveredTail
{
    /// <summary>
    /// Over all topics: a few entries of the largest size, or thousands of small.
    /// </summary>
    private const long BytesMax = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<TopicId, Queue<DeliveredEntry>> _topics = [];
    private readonly Queue<DeliveredEntry> _all = [];
    private readonly Dictionary<(TopicId Topic, LogId Log), long> _floors = [];
    private long _bytes;

    /// <summary>
    /// Before a commit that closes a log: it may take entries back, and the file knows which.
    /// </summary>
    public void Forget(TopicId topic)
    {
        lock (_gate)
        {
            _topics.Remove(topic);
        }
    }

    /// <summary>
    /// Before a commit that raises floors: positions in memory must have no hole.
    /// </summary>
    public void Trim(TopicId topic, ImmutableArray<LogRecord> logs)
    {
        foreach (var record in logs)
        {
            if (record.FloorMax == 1)
            {
                continue;
            }

            lock (_gate)
            {
                if (_floors.GetValueOrDefault((topic, record.Log)) < record.FloorMax)
                {
                    _floors[(topic, record.Log)] = record.FloorMax;
                    _topics.Remove(topic);
                }
            }
        }
    }

    /// <summary>
    /// Before a commit that erases payloads: no copy of them may outlive it here.
    /// </summary>
    public void Erase(TopicId topic)
    {
        lock (_gate)
        {
            _topics.Remove(topic);
            DeliveredEntry[] kept = [.. _all.Where(d => d.Entry.SignedHeader.Topic != topic)];
            _all.Clear();
            _bytes = 0;
            foreach (var delivered in kept)
            {
                _all.Enqueue(delivered);
                _bytes += delivered.Entry.Size;
            }
        }
    }

    /// <summary>After its commit, and before anybody is told of it.</summary>
    public void Add(Batch batch)
    {
        if (batch.Placements.IsEmpty)
        {
            return;
        }

        var entries = batch.Entries.ToDictionary(e => e.Dot);
        lock (_gate)
        {
            foreach (var placement in batch.Placements)
            {
                if (entries.TryGetValue(placement.Dot, out var entry))
                {
                    Add(batch.Topic, new(placement.Position, Detached(entry))
                    {
                        IsLate = placement.IsLate,
                    });
                }
                else
                {
                    // Stored earlier: positions in memory must have no hole.
                    _topics.Remove(batch.Topic);
                }
            }
        }
    }

    /// <summary>Null when it does not reach back to this position: the file does.</summary>
    public ImmutableArray<DeliveredEntry>? Read(
        TopicId topic, long after, int entriesMax, int bytesMax)
    {
        lock (_gate)
        {
            if (!_topics.TryGetValue(topic, out var queue)
                || !queue.TryPeek(out var first)
                || first.Position > after + 1
                || first.Position + queue.Count <= after + 1)
            {
                return null;
            }

            var page = ImmutableArray.CreateBuilder<DeliveredEntry>();
            long bytes = 0;
            foreach (var delivered in queue.Skip((int)(after + 1 - first.Position)))
            {
                bytes += delivered.Entry.Size;
                if (page.Count == entriesMax || (page.Count > 0 && bytes > bytesMax))
                {
                    break;
                }

                page.Add(delivered);
            }

            return page.DrainToImmutable();
        }
    }

    private void Add(TopicId topic, DeliveredEntry delivered)
    {
        if (!_topics.TryGetValue(topic, out var queue))
        {
            _topics.Add(topic, queue = []);
        }

        if (queue.TryPeek(out var head) && delivered.Position != head.Position + queue.Count)
        {
            // A commit whose outcome was unknown, or that an older generation adds late.
            queue.Clear();
        }

        queue.Enqueue(delivered);
        _all.Enqueue(delivered);
        _bytes += delivered.Entry.Size;
        while (_bytes > BytesMax && _all.TryDequeue(out var oldest))
        {
            _bytes -= oldest.Entry.Size;
            if (_topics.TryGetValue(oldest.Entry.Header.Topic, out var old)
                && old.TryPeek(out var first)
                && ReferenceEquals(first, oldest))
            {
                old.Dequeue();
            }
        }
    }

    /// <summary>An entry that came in a frame must not keep the whole frame alive.</summary>
    private static Entry Detached(Entry entry) =>
        IsAtHome(entry.SignedHeader.HeaderBytes, entry) && IsAtHome(entry.PayloadList, entry)
            ? entry
            : new(entry.SignedHeader.Detached(), entry.PayloadList.ToArray());

    private static bool IsAtHome(ReadOnlyMemory<byte> part, Entry entry) =>
        MemoryMarshal.TryGetArray(part, out var bytes) && bytes.Array!.Length <= 2 * entry.Size;
}
