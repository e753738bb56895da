namespace Gossip.Actors.Protocol;

/// <summary>
/// Whose policy entries count, and up to which slot? The owner's seat comes with the first entry;
/// every other comes with an appointment. An appointment names an entry that exists, so seats never
/// form a circle. A grant counts while its seat stands. A revocation counts for ever, wherever it
/// is signed, against what its seat and those below it granted: so ends only fall, and what is
/// concluded never depends on what was heard first.
/// </summary>
internal sealed class Seats
{
    private readonly Dictionary<Admission, Seat> _seats = [];
    private readonly ILookup<Admission, PolicyEntry> _entries;
    private readonly Func<LogId, LogExtent> _extentOf;
    private readonly Dictionary<Admission, List<PolicyChange.Revocation>> _revocations = [];
    private readonly Dictionary<LogId, long> _ends = [];
    private readonly IReadOnlyDictionary<EntryId, PolicyEntry> _held;

    public Seats(
        Did owner,
        IReadOnlyDictionary<EntryId, PolicyEntry> held,
        Func<LogId, LogExtent> extentOf)
    {
        (_extentOf, _held) = (extentOf, held);
        _entries = held.Values
            .OrderBy(e => (e.Seq, e.Entry.Id))
            .ToLookup(e => e.Log.Admission);
        var waiting = new Queue<Seat>([new(owner, Admission.None, null, null)]);
        while (waiting.TryDequeue(out var seat))
        {
            if (!_seats.TryAdd(seat.Admission, seat) || seat.Role == PolicyRole.Delegate)
            {
                continue;
            }

            foreach (var entry in Entries(seat))
            {
                if (entry.Change is PolicyChange.Appointment(var author, var role))
                {
                    waiting.Enqueue(new(author, entry.Admission, seat, entry) { Role = role });
                }
            }
        }

        foreach (var seat in _seats.Values.Where(s => s.Role != PolicyRole.Successor
            || HasTakenOver(s)))
        {
            CountRevocations(seat);
        }
    }

    /// <summary>Every seat, whether it may act or not: the owner's first.</summary>
    public IEnumerable<Seat> All =>
        _seats.Values.OrderBy(s => (s.Role is not null, s.Admission));

    public Seat? Find(Admission admission) => _seats.GetValueOrDefault(admission);

    /// <summary>Its appointment counts, and so does that of whoever appointed it.</summary>
    public bool IsAppointed(Seat seat) => seat is not { Appointer: { } above, Entry: { } entry }
        || (IsUndisputed(above, entry) && IsAppointed(above));

    /// <summary>A successor acts once it has taken over.</summary>
    public bool MayAct(Seat seat) => IsAppointed(seat)
        && (seat.Role != PolicyRole.Successor
            || TakeOvers(seat).Any(e => e.Seq < EndOf(seat, e.Log)));

    /// <summary>Another speaks for it from some slot on.</summary>
    public bool IsTakenOver(Seat seat) =>
        _seats.Values.Any(s => s.Appointer == seat && HasTakenOver(s));

    /// <summary>Invitations, appointments and terms that count.</summary>
    public IEnumerable<PolicyEntry> Grants(Seat seat) =>
        MayAct(seat) ? Entries(seat).Where(e => IsUndisputed(seat, e)) : [];

    /// <summary>Whoever revoked its admission held this log.</summary>
    public bool Lists(LogId log) => _revocations.TryGetValue(log.Admission, out var revocations)
        && revocations.Any(r => r.Logs.Any(l => l.Log == log));

    public bool IsRevoked(Admission admission) => _revocations.ContainsKey(admission);

    /// <summary>The first slot that revocations take away from a log; beyond all, if none.
    /// </summary>
    public long EndOf(LogId log) => _revocations.TryGetValue(log.Admission, out var revocations)
        ? revocations.Min(r => r.EndOf(log)!.Value)
        : long.MaxValue;

    /// <summary>
    /// The first slot of one of this seat's logs whose grants do not count: it is revoked, or the
    /// successor that it appointed took over.
    /// </summary>
    public long EndOf(Seat seat, LogId log)
    {
        if (!_ends.TryGetValue(log, out var end))
        {
            end = _seats.Values.Where(s => s.Appointer == seat).SelectMany(TakeOvers)
                .Select(e => ((PolicyChange.Revocation)e.Change!).EndOf(log) ?? long.MaxValue)
                .Append(EndOf(log))
                .Min();
            _ends.Add(log, end);
        }

        return end;
    }

    /// <summary>
    /// Held without a gap below it, which may hide a revocation, before a fork and before the end.
    /// </summary>
    private bool IsUndisputed(Seat seat, PolicyEntry entry) =>
        entry.Seq <= _extentOf(entry.Log).Head && entry.Seq < EndOf(seat, entry.Log);

    /// <summary>Of whom it was given to, and of the keys that followed: no other is let in.
    /// </summary>
    private IEnumerable<PolicyEntry> Entries(Seat seat) => _entries[seat.Admission];

    private void CountRevocations(Seat seat)
    {
        foreach (var revocation in Entries(seat).Select(e => e.Change)
            .OfType<PolicyChange.Revocation>())
        {
            foreach (var admission in revocation.Admissions)
            {
                if (!IsUnder(seat, admission))
                {
                    continue;
                }

                if (!_revocations.TryGetValue(admission, out var known))
                {
                    _revocations.Add(admission, known = []);
                }

                known.Add(revocation);
            }
        }
    }

    /// <summary>
    /// Granted by this seat, or by one below it; for a successor also what the seat that it took
    /// over has granted, and that seat's own admission to write.
    /// </summary>
    public bool IsUnder(Seat seat, Admission admission)
    {
        if (!_held.TryGetValue(admission.Id, out var grant)
            || grant.Seq != admission.Seq
            || Find(grant.Log.Admission) is not { } granter)
        {
            return false;
        }

        if (grant.Change is PolicyChange.Founding)
        {
            // The owner's own admission: nobody but a successor of the owner is above it.
            return seat is { Role: PolicyRole.Successor, Appointer.Appointer: null };
        }

        for (var above = granter; above is not null; above = above.Appointer)
        {
            if (above == seat || (seat.Role == PolicyRole.Successor && above == seat.Appointer))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasTakenOver(Seat seat) => TakeOvers(seat).Any();

    /// <summary>
    /// A successor's revocations of the seat that appointed it, from a slot on by which it was
    /// appointed, and not revoked by an entry before. All up to that slot must be held: then
    /// nothing that comes later can undo it.
    /// </summary>
    private IEnumerable<PolicyEntry> TakeOvers(Seat seat) =>
        seat is { Role: PolicyRole.Successor, Appointer: { } above, Entry: { } appointed }
            ? Entries(seat).Where(e => e.Change is PolicyChange.Revocation revocation
                && revocation.EndOf(appointed.Log) is { } end
                && appointed.Seq < end
                && revocation.Logs.All(IsHeld)
                && !IsRevokedBy(above, seat, revocation))
            : [];

    private bool IsHeld(LastSlot last)
    {
        var (head, closedAt) = _extentOf(last.Log);
        return head >= Math.Min(last.Seq, closedAt - 1);
    }

    private bool IsRevokedBy(Seat above, Seat seat, PolicyChange.Revocation takeOver) =>
        Entries(above).Any(e => e.Change is PolicyChange.Revocation earlier
            && earlier.Admissions.Contains(seat.Admission)
            && e.Seq <= _extentOf(e.Log).Head
            && e.Seq < (takeOver.EndOf(e.Log) ?? 1));
}

/// <summary>
/// The right to write policy: whom it was given to, under which admission, and who gave it.
/// </summary>
internal sealed record Seat(Did Author, Admission Admission, Seat? Appointer, PolicyEntry? Entry)
{
    /// <summary>Null for the owner.</summary>
    public PolicyRole? Role { get; init; }
}

/// <summary>How far a policy log is held without a gap, and where a fork closes it.</summary>
internal readonly record struct LogExtent(long Head, long ClosedAt);
