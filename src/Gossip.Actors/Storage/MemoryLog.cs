using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>What does a <see cref="MemoryStore"/> hold of one log? Entries in seq order.</summary>
internal sealed class MemoryLog(LogId log)
{
    private readonly SortedList<long, Entry> _entries = [];
    private readonly Dictionary<long, long> _positions = [];
    private readonly SortedDictionary<long, Segment> _segments = [];

    public LogRecord Record { get; private set; } = new() { Log = log };

    public LogTally Tally { get; private set; }

    public bool Holds(long seq) => _entries.ContainsKey(seq);

    public bool IsPlaced(long seq) => _positions.ContainsKey(seq);

    public bool IsDisputed(long seq) => Record.ClosedAt is { } end && seq >= end;

    public void Place(long seq, long position) => _positions.Add(seq, position);

    public Entry this[long seq] => _entries[seq];

    public IEnumerable<Segment> Segments => _segments.Values;

    public void Add(Entry entry, long arrived)
    {
        var number = Segment.NumberOf(entry.Header.Seq);
        var segment = _segments.GetValueOrDefault(number, new(log, number, 0, 0, long.MinValue));
        _segments[number] = segment with
        {
            Entries = segment.Entries + 1,
            Bytes = segment.Bytes + entry.Size,
            Newest = Math.Max(segment.Newest, Math.Min(entry.Header.Time, arrived)),
        };
        _entries.Add(entry.Header.Seq, entry);
        if (!IsDisputed(entry.Header.Seq))
        {
            Tally = Tally.Add(entry);
        }
    }

    /// <summary>The entry as it stands from now on, and its position; null where nothing changes.
    /// </summary>
    public (Entry Entry, long? Position)? Erase(Erasure erasure)
    {
        var seq = erasure.Dot.Seq;
        if (!_entries.TryGetValue(seq, out var entry)
            || entry.Id != erasure.Entry
            || !(entry.PayloadCount > 0
                || (Erasure.Of(entry) is { } before && Erasure.IsLower(erasure, before))))
        {
            return null;
        }

        var erased = entry with { PayloadList = erasure.ToForm() };
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

        return (erased, _positions.TryGetValue(seq, out var position) ? position : null);
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

        Tally = _entries.Values.TakeWhile(e => !IsDisputed(e.Header.Seq))
            .Aggregate(default(LogTally), (tally, entry) => tally.Add(entry));
        var disputed = _positions.Where(p => IsDisputed(p.Key)).ToList();
        disputed.ForEach(p => _positions.Remove(p.Key));
        return disputed.Select(p => p.Value);
    }

    /// <summary>Forgets what lies below the floor; it, and where it stood in the order.</summary>
    public IReadOnlyList<(Entry Entry, long? Position)> Trim()
    {
        var gone = new List<(Entry, long?)>();
        while (_entries.Count > 0 && _entries.GetKeyAtIndex(0) < Record.Floor)
        {
            var (seq, entry) = (_entries.GetKeyAtIndex(0), _entries.GetValueAtIndex(0));
            _entries.RemoveAt(0);
            Tally = Tally.Without(
                default(LogTally).Add(entry),
                _entries.Count > 0 ? _entries.GetValueAtIndex(0).Header.Time : 0);
            gone.Add((entry, _positions.Remove(seq, out var position) ? position : null));
        }

        foreach (var number in _segments.Keys
            .Where(n => n < Segment.NumberOf(Record.Floor)).ToArray())
        {
            _segments.Remove(number);
        }

        return gone;
    }

    public IEnumerable<Entry> From(long first)
    {
        for (var i = MemoryTopic.IndexAtOrAfter(_entries, first); i < _entries.Count; i++)
        {
            yield return _entries.GetValueAtIndex(i);
        }
    }

    public IEnumerable<Island> Islands() =>
        From(Record.Head + 1)
            .TakeWhile(e => !IsDisputed(e.Header.Seq))
            .Concat(Record.Edges.Where(Holds).Select(seq => _entries[seq]))
            .Select(e => new Island(e.Dot, e.Id, e.Header.Prev));
}
