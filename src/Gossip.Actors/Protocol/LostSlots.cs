namespace Gossip.Actors.Protocol;

/// <summary>
/// Which slots of a log could nobody serve? With the entries held beside them: whatever turns up
/// later must fit what names it, or the log is forked there.
/// </summary>
internal sealed class LostSlots
{
    private readonly LogId _log;
    private readonly SortedDictionary<long, Island> _edges = [];

    public LostSlots(LogId log) => _log = log;

    public LostSlots(LogId log, IntervalSet slots, IEnumerable<Island> edges)
    {
        (_log, Slots) = (log, slots);
        foreach (var edge in edges)
        {
            _edges.Add(edge.Dot.Seq, edge);
        }
    }

    public IntervalSet Slots { get; private set; } = IntervalSet.Empty;

    /// <summary>The id of an entry beside a lost slot.</summary>
    public EntryId? IdAt(long seq) => _edges.TryGetValue(seq, out var edge) ? edge.Id : null;

    /// <summary>The entry after this slot names another one in it.</summary>
    public bool Denies(long seq, EntryId id) =>
        Slots.Contains(seq) && _edges.TryGetValue(seq + 1, out var after) && after.Prev != id;

    /// <summary>The first slot after this one that is not lost.</summary>
    public long After(long seq) => Slots.NextOutside(seq + 1);

    public void Add(SeqRange slots, Island? below, Island? above)
    {
        Slots = Slots.Add(slots);
        foreach (var edge in new[] { below, above })
        {
            if (edge is { } known)
            {
                _edges.TryAdd(known.Dot.Seq, known);
            }
        }
    }

    /// <summary>It turned up: false when it was not lost.</summary>
    public bool Find(Header header, EntryId id)
    {
        var seq = header.Seq;
        if (!Slots.Contains(seq))
        {
            return false;
        }

        Slots = Slots.Except(IntervalSet.Of(new SeqRange(seq, seq)));
        _edges[seq] = new(new(_log, seq), id, header.Prev);
        Forget(s => s >= seq - 1 && s <= seq + 1);
        return true;
    }

    /// <summary>Only these slots are part of the log.</summary>
    public void Keep(long first, long last)
    {
        Slots = Slots.Within(first, last);
        Forget(_ => true);
    }

    /// <summary>Whatever borders no lost slot any more needs not be remembered.</summary>
    private void Forget(Func<long, bool> which)
    {
        foreach (var seq in _edges.Keys.Where(which)
            .Where(s => !Slots.Contains(s - 1) && !Slots.Contains(s + 1)).ToArray())
        {
            _edges.Remove(seq);
        }
    }
}
