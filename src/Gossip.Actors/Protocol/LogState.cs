namespace Gossip.Actors.Protocol;

/// <summary>
/// How far are we with one log? What is held, what is delivered, where it is closed.
/// </summary>
internal sealed class LogState
{
    private readonly SortedDictionary<long, Island> _islands = [];

    public LogState(LogId log) => (Log, Holdings) = (log, Holdings.None);

    public LogState(LogRecord record, IEnumerable<Island> islands)
    {
        (Log, HeadId, Closure) = (record.Log, record.HeadId, record.Closure);
        (Delivered, DeliveredId) = (record.Delivered, record.DeliveredId);
        PolicyEnd = record.PolicyEnd;
        foreach (var island in islands)
        {
            _islands.Add(island.Dot.Seq, island);
        }

        Holdings = new(
            record.Floor,
            record.Head,
            IntervalSet.Of(_islands.Keys.Select(seq => new SeqRange(seq, seq))));
    }

    public LogId Log { get; }

    public Holdings Holdings { get; private set; }

    public EntryId HeadId { get; private set; }

    public long Delivered { get; private set; }

    public EntryId DeliveredId { get; private set; }

    public Closure? Closure { get; private set; }

    /// <summary>The first slot that the topic's policy takes away; beyond every slot, if none.
    /// </summary>
    public long PolicyEnd { get; private set; } = long.MaxValue;

    /// <summary>
    /// The first slot that does not count; beyond every slot while the log is open.
    /// </summary>
    public long End => Math.Min(PolicyEnd, Closure?.Slot ?? long.MaxValue);

    /// <summary>The same, as a digest and the store have it: null while the log is open.</summary>
    public long? ClosedAt => End == long.MaxValue ? null : End;

    public LogRecord Record => new()
    {
        Log = Log,
        Floor = Holdings.Floor,
        Head = Holdings.Head,
        HeadId = HeadId,
        Delivered = Delivered,
        DeliveredId = DeliveredId,
        Closure = Closure,
        PolicyEnd = PolicyEnd,
    };

    /// <summary>Its author may add to it: open, and without a gap.</summary>
    public bool CanGoOn => ClosedAt is null && Holdings.Islands.IsEmpty;

    /// <summary>
    /// Nothing is held and nothing is proven, or the policy takes all of it away: no row.
    /// </summary>
    public bool IsEmpty => PolicyEnd <= 1 || (Holdings.Last == 0 && Closure is null);

    /// <summary>There is something to remember of it.</summary>
    public bool IsKnown => Holdings.Last > 0 || ClosedAt is not null;

    /// <summary>The log as a digest shows it.</summary>
    /// <param name="disputed">
    /// Of a policy log: the revocations past its end that are held here. They still count.
    /// </param>
    public Row RowWith(IEnumerable<Entry> disputed) => new(
        Log,
        Holdings,
        HeadId.Hash.Prefix,
        ClosedAt,
        Row.DigestOf(
            HeadId,
            _islands.Select(i => KeyValuePair.Create(i.Key, i.Value.Id))
                .Concat(disputed.Select(e => KeyValuePair.Create(e.Header.Seq, e.Id))),
            ClosedAt));

    /// <summary>The id in a slot, where it is known without reading the store.</summary>
    public EntryId? IdAt(long seq) =>
        seq == Holdings.Head && seq > 0 ? HeadId
        : seq == Delivered && seq > 0 ? DeliveredId
        : _islands.TryGetValue(seq, out var island) ? island.Id
        : null;

    /// <summary>Would this entry contradict what is held or proven beside it?</summary>
    public bool Contradicts(Header header, EntryId id) =>
        (IdAt(header.Seq - 1) is { } before && before != header.Prev)
        || (_islands.TryGetValue(header.Seq + 1, out var after) && after.Prev != id)
        || (Closure is { Proof: var (first, second) }
            && (Denies(first, header.Seq, id) || Denies(second, header.Seq, id)));

    public void Add(Header header, EntryId id)
    {
        var seq = header.Seq;
        Invariant.Holds(!Holdings.Contains(seq), $"{header.Dot} was added twice");
        Invariant.Holds(seq < End, $"{header.Dot} was added past its closure");
        var head = Holdings.Head;
        Holdings = Holdings.Add(seq);
        if (Holdings.Head == head)
        {
            _islands.Add(seq, new(header.Dot, id, header.Prev));
            return;
        }

        HeadId = id;
        while (_islands.Count > 0 && _islands.First() is var (next, island)
            && next <= Holdings.Head)
        {
            HeadId = island.Id;
            _islands.Remove(next);
        }
    }

    public void Deliver(long seq, EntryId id)
    {
        Invariant.Holds(seq == Delivered + 1, $"{Log}#{seq} was delivered after #{Delivered}");
        Invariant.Holds(seq <= Holdings.Head, $"{Log}#{seq} was delivered but is not held");
        (Delivered, DeliveredId) = (seq, id);
    }

    /// <summary>
    /// Takes the lower closure; <paramref name="idBefore"/> is the id just before it.
    /// </summary>
    public void Close(Closure closure, EntryId? idBefore)
    {
        Invariant.Holds(closure.Slot < End, $"the closure of {Log} was raised");
        Closure = Closure.Merge(Closure, closure);
        Cut(idBefore);
    }

    /// <summary>
    /// The policy takes away what comes from this slot on; <paramref name="idBefore"/> is the id
    /// just before it.
    /// </summary>
    public void Revoke(long end, EntryId? idBefore)
    {
        Invariant.Holds(end < PolicyEnd, $"the policy's end of {Log} was raised");
        PolicyEnd = end;
        Cut(idBefore);
    }

    private void Cut(EntryId? idBefore)
    {
        var before = Holdings;
        Holdings = Holdings.Before(End);
        foreach (var seq in _islands.Keys.Where(s => s >= End).ToArray())
        {
            _islands.Remove(seq);
        }

        if (Holdings.Head < before.Head)
        {
            HeadId = Holdings.Head == 0 ? EntryId.None : idBefore
                ?? throw new InvariantException($"the id before the closure of {Log} is unknown");
        }

        if (Delivered >= End)
        {
            (Delivered, DeliveredId) = (Holdings.Head, HeadId);
        }
    }

    /// <summary>
    /// A proven header sits in this very slot, or names the id there: another one.
    /// </summary>
    private static bool Denies(SignedHeader proven, long seq, EntryId id) =>
        (proven.Header.Seq == seq && proven.Id != id)
        || (proven.Header.Seq == seq + 1 && proven.Header.Prev != id);
}
