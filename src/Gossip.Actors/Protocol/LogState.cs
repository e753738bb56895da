namespace Gossip.Actors.Protocol;

/// <summary>
/// How far are we with one log? What is held, what is delivered, where it is closed.
/// </summary>
internal sealed class LogState
{
    private readonly SortedDictionary<long, Island> _islands = [];
    private readonly LostSlots _lost;

    public LogState(LogId log) => (Log, Holdings, _lost) = (log, Holdings.None, new(log));

    public LogState(LogRecord record, IEnumerable<Island> islands)
    {
        (Log, HeadId, Closure) = (record.Log, record.HeadId, record.Closure);
        (Delivered, DeliveredId) = (record.Delivered, record.DeliveredId);
        PolicyEnd = record.PolicyEnd;
        var edges = islands.ToLookup(i => i.Dot.Seq <= record.Head);
        foreach (var island in edges[false])
        {
            _islands.Add(island.Dot.Seq, island);
        }

        (Floor, FloorMax) = (record.Floor, record.FloorMax);
        _lost = new(Log, record.Lost, edges[true]);
        Holdings = new(
            ServedFrom,
            record.Head,
            IntervalSet.Of(_islands.Keys.Select(seq => new SeqRange(seq, seq))));
        Absorb();
    }

    public LogId Log { get; }

    /// <summary>
    /// What a digest may say: without gaps from its floor to its head. That floor lies above
    /// everything lost.
    /// </summary>
    public Holdings Holdings { get; private set; }

    /// <summary>The lowest slot that is kept: 1 unless retention raised it.</summary>
    public long Floor { get; private set; } = 1;

    /// <inheritdoc cref="LogRecord.FloorMax"/>
    public long FloorMax { get; private set; } = 1;

    /// <summary>
    /// Slots above the floor that nobody who was connected could serve. They are asked of whoever
    /// comes, and taken when they turn up.
    /// </summary>
    public IntervalSet Lost => _lost.Slots;

    /// <summary>Every slot that can be served: also what lies below something lost.</summary>
    public IntervalSet Held => Lost.IsEmpty
        ? Holdings.Held
        : Holdings.Held.Union(
            IntervalSet.Of(new SeqRange(Floor, Holdings.Floor - 1)).Except(Lost));

    /// <summary>The lowest gap: below an island, or below the end; null without one.</summary>
    public SeqRange? FirstGap => !Holdings.Islands.IsEmpty
        ? new(Holdings.Head + 1, Holdings.Islands[0].First - 1)
        : ClosedAt is { } end && Holdings.Head < end - 1
            ? new(Holdings.Head + 1, end - 1)
            : null;

    /// <summary>Every slot missing below an island, or below the end; not what is lost.</summary>
    public IntervalSet Gaps => FirstGap is { } gap
        ? IntervalSet.Of(new SeqRange(gap.First, Math.Max(gap.Last, Holdings.Last)))
            .Except(Holdings.Islands)
        : IntervalSet.Empty;

    /// <summary>What of these slots is not held, and would count.</summary>
    public IntervalSet Lacking(IntervalSet offered)
    {
        var lacking = offered.Except(Holdings.Covered);
        return (Lost.IsEmpty ? lacking : lacking.Union(offered.Intersect(Lost)))
            .Within(1, End - 1);
    }

    /// <summary>The next slot in the order of delivery, which passes over what is lost.</summary>
    public long NextToDeliver => _lost.After(Math.Max(Delivered, Floor - 1));

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
        Floor = Floor,
        FloorMax = FloorMax,
        Lost = Lost,
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
        seq == Holdings.Head && HeadId != EntryId.None ? HeadId
        : seq == Delivered && DeliveredId != EntryId.None ? DeliveredId
        : _islands.TryGetValue(seq, out var island) ? island.Id
        : _lost.IdAt(seq);

    /// <summary>The log was delivered past this slot, when nobody could serve it.</summary>
    public bool IsMissed(long seq) => Lost.Contains(seq) && seq <= Delivered && seq >= FloorMax;

    public bool Holds(long seq) => Holdings.Contains(seq)
        || (seq >= Floor && seq < Holdings.Floor && !Lost.Contains(seq));

    /// <summary>Would this entry contradict what is held or proven beside it?</summary>
    public bool Contradicts(Header header, EntryId id) =>
        (IdAt(header.Seq - 1) is { } before && before != header.Prev)
        || (_islands.TryGetValue(header.Seq + 1, out var after) && after.Prev != id)
        || _lost.Denies(header.Seq, id)
        || (Closure is { Proof: var (first, second) }
            && (Denies(first, header.Seq, id) || Denies(second, header.Seq, id)));

    public void Add(Header header, EntryId id)
    {
        var seq = header.Seq;
        Invariant.Holds(!Holds(seq), $"{header.Dot} was added twice");
        Invariant.Holds(seq >= Floor, $"{header.Dot} was added below the floor");
        Invariant.Holds(seq < End, $"{header.Dot} was added past its closure");
        if (_lost.Find(header, id))
        {
            // Where a closure lies in what is lost, the head may be part of it.
            HeadId = seq == Holdings.Head ? id : HeadId;
            Holdings = new(ServedFrom, Holdings.Head, Holdings.Islands);
            return;
        }

        var head = Holdings.Head;
        Holdings = Holdings.Add(seq);
        if (Holdings.Head == head)
        {
            _islands.Add(seq, new(header.Dot, id, header.Prev));
            return;
        }

        HeadId = id;
        Absorb();
    }

    public void Deliver(long seq, EntryId id)
    {
        Invariant.Holds(seq == NextToDeliver, $"{Log}#{seq} was delivered after #{Delivered}");
        Invariant.Holds(seq <= Holdings.Head, $"{Log}#{seq} was delivered but is not held");
        (Delivered, DeliveredId) = (seq, id);
    }

    /// <summary>
    /// Nobody serves the lowest gap: what lies above it goes on without it, and a log that ends
    /// in it is all there is.
    /// </summary>
    public void LoseGap()
    {
        var gap = FirstGap ?? throw new InvariantException($"{Log} has no gap to lose");
        _lost.Add(
            gap,
            HeadId == EntryId.None ? null : new(new(Log, Holdings.Head), HeadId, EntryId.None),
            _islands.TryGetValue(gap.Last + 1, out var above) ? above : null);
        (Holdings, HeadId) = (new(ServedFrom, gap.Last, Holdings.Islands), EntryId.None);
        Absorb();
    }

    /// <summary>The highest floor that there may be: delivered, and its clock is whole.</summary>
    public long FloorMost => Math.Max(1, Segment.FloorAt(Math.Min(Delivered, Holdings.Head)));

    /// <summary>Forgets everything below this slot; how many entries that is.</summary>
    public long Trim(long floor)
    {
        Invariant.Holds(
            floor > Floor && floor <= FloorMost && floor == Segment.FloorAt(floor),
            $"{Log} cannot be trimmed to {floor}: {Holdings}");
        var before = Held.Within(1, floor - 1).Slots;
        (Floor, FloorMax) = (floor, Math.Max(floor, FloorMax));
        _lost.Keep(floor, Dot.SeqMax);
        Holdings = new(ServedFrom, Holdings.Head, Holdings.Islands);
        return before;
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
        foreach (var seq in _islands.Keys.Where(s => s >= End).ToArray())
        {
            _islands.Remove(seq);
        }

        var head = Math.Min(Holdings.Head, End - 1);
        if (End <= Floor)
        {
            // All that counts was forgotten: it is asked for again, from a lower floor.
            Floor = Math.Max(1, Segment.FloorAt(End - 1));
            head = Floor - 1;
        }

        _lost.Keep(Floor, End - 1);
        var isLower = head < Holdings.Head;
        Holdings = new(
            ServedFrom, Math.Max(head, ServedFrom - 1), Holdings.Islands.Within(1, End - 1));
        if (isLower)
        {
            HeadId = Holdings.Head < Holdings.Floor ? EntryId.None : idBefore
                ?? throw new InvariantException($"the id before the closure of {Log} is unknown");
        }

        if (Delivered >= End)
        {
            Delivered = End - 1;
            DeliveredId = Holdings.Head == Delivered ? HeadId : EntryId.None;
        }
    }

    /// <summary>Islands that the head has reached are part of it.</summary>
    private void Absorb()
    {
        while (_islands.Count > 0 && _islands.First() is var (next, island)
            && next <= Holdings.Head)
        {
            HeadId = island.Id;
            _islands.Remove(next);
        }
    }

    private long ServedFrom => Math.Max(Floor, Lost.Last + 1);

    /// <summary>
    /// A proven header sits in this very slot, or names the id there: another one.
    /// </summary>
    private static bool Denies(SignedHeader proven, long seq, EntryId id) =>
        (proven.Header.Seq == seq && proven.Id != id)
        || (proven.Header.Seq == seq + 1 && proven.Header.Prev != id);
}
