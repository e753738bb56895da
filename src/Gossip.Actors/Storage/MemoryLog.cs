using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What does a <see cref="MemoryTopic{T}"/> hold of one log? Entries in seq order.
/// </summary>
internal sealed class MemoryLog<T>(LogId log)
    where T : IHeld<T>
{
    private SortedList<long, T> _entries = [];
    private readonly Dictionary<long, long> _positions = [];
    private readonly SortedDictionary<long, Segment> _segments = [];

    public LogRecord Record { get; private set; } = new() { Log = log };

    public LogTally Tally { get; private set; }

    public bool Holds(long seq) => _entries.ContainsKey(seq);

    public bool IsPlaced(long seq) => _positions.ContainsKey(seq);

    public bool IsDisputed(long seq) => Record.ClosedAt is { } end && seq >= end;

    public void Place(long seq, long position) => _positions.Add(seq, position);

    public T this[long seq] => _entries[seq];

    public IEnumerable<Segment> Segments => _segments.Values.Select(s => s with
    {
        CanGo = s.FloorAbove <= Math.Min(Record.Delivered, Record.Head),
    });

    public void Add(T entry, long arrived)
    {
        var number = Segment.NumberOf(entry.Seq);
        var segment = _segments.GetValueOrDefault(number, new(log, number, 0, 0, long.MinValue));
        _segments[number] = segment with
        {
            Entries = segment.Entries + 1,
            Bytes = segment.Bytes + entry.Size,
            Newest = Math.Max(segment.Newest, Math.Min(entry.Time, arrived)),
        };
        _entries.Add(entry.Seq, entry);
        if (!IsDisputed(entry.Seq))
        {
            Tally = Add(Tally, entry);
        }
    }

    /// <summary>
    /// The entry as it stood and as it stands from now on, and its position; null where nothing
    /// changes.
    /// </summary>
    public (T Before, T Now, long? Position)? Erase(Erasure erasure)
    {
        var seq = erasure.Dot.Seq;
        if (!_entries.TryGetValue(seq, out var entry)
            || entry.Id != erasure.Entry
            || !(entry.PayloadCount > 0
                || (entry.Erasure is { } before && Erasure.IsLower(erasure, before))))
        {
            return null;
        }

        var erased = entry.Erased(erasure);
        _entries[seq] = erased;
        var number = Segment.NumberOf(seq);
        _segments[number] = _segments[number] with
        {
            Bytes = _segments[number].Bytes - (entry.Size - erased.Size),
        };
        if (!IsDisputed(seq))
        {
            Tally = Tally.Less(entry.PayloadCount, entry.Size - erased.Size);
        }

        return (entry, erased, _positions.TryGetValue(seq, out var position) ? position : null);
    }

    /// <summary>Takes the new record; the positions that its closure voids.</summary>
    public IEnumerable<long> Replace(LogRecord record)
    {
        var isLowered = record.ClosedAt != Record.ClosedAt;
        Record = record;
        if (!isLowered)
        {
            return [];
        }

        Tally = _entries.Values.TakeWhile(e => !IsDisputed(e.Seq))
            .Aggregate(default(LogTally), Add);
        var disputed = _positions.Where(p => IsDisputed(p.Key)).ToList();
        disputed.ForEach(p => _positions.Remove(p.Key));
        return disputed.Select(p => p.Value);
    }

    /// <summary>Forgets what lies below this slot; it, and where it stood in the order.</summary>
    public IReadOnlyList<(T Entry, long? Position)> Trim(long floor)
    {
        var count = MemoryTopic<T>.IndexAtOrAfter(_entries, floor);
        if (count == 0)
        {
            return [];
        }

        var gone = new List<(T, long?)>(count);
        var tally = default(LogTally);
        var kept = new SortedList<long, T>(_entries.Count - count);
        foreach (var (seq, entry) in _entries)
        {
            if (seq >= floor)
            {
                kept.Add(seq, entry);
                continue;
            }

            tally = Add(tally, entry);
            gone.Add((entry, _positions.Remove(seq, out var position) ? position : null));
        }

        _entries = kept;
        Tally = Tally.Without(tally, kept.Count > 0 ? kept.GetValueAtIndex(0).Time : 0);
        var last = Segment.NumberOf(floor);
        _segments.Keys.Where(n => n < last).ToList().ForEach(n => _segments.Remove(n));
        return gone;
    }

    public IEnumerable<T> From(long first)
    {
        for (var i = MemoryTopic<T>.IndexAtOrAfter(_entries, first); i < _entries.Count; i++)
        {
            yield return _entries.GetValueAtIndex(i);
        }
    }

    public IEnumerable<Island> Islands() =>
        From(Record.Head + 1)
            .TakeWhile(e => !IsDisputed(e.Seq))
            .Concat(Record.Edges.Where(Holds).Select(seq => _entries[seq]))
            .Select(e => new Island(new(log, e.Seq), e.Id, e.Prev));

    private static LogTally Add(LogTally tally, T entry) =>
        tally.Add(entry.Time, entry.PayloadCount, entry.Size);
}
