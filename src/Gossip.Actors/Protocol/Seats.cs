namespace Gossip.Actors.Protocol;

/// <summary>
/// Whose policy entries count, and up to which slot? The owner's seat comes with the first entry;
/// every other comes with an appointment. A seat ends where a seat above it revokes it, or where
/// the successor that it appointed takes over. An appointment names an entry that exists, so seats
/// never form a circle.
/// </summary>
internal sealed class Seats
{
    private readonly Dictionary<Admission, Seat> _seats = [];
    private readonly ILookup<Admission, PolicyEntry> _entries;
    private readonly Func<LogId, LogExtent> _extentOf;
    private readonly Dictionary<LogId, long> _ends = [];

    public Seats(Did owner, IEnumerable<PolicyEntry> held, Func<LogId, LogExtent> extentOf)
    {
        (_entries, _extentOf) = (
            held.OrderBy(e => (e.Seq, e.Entry.Id)).ToLookup(e => e.Log.Admission), extentOf);
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
            || Entries(seat).Any(e => IsTakeOver(seat, e) && e.Seq < EndOf(seat, e.Log)));

    /// <summary>Invitations, appointments and terms that count.</summary>
    public IEnumerable<PolicyEntry> Counted(Seat seat) =>
        MayAct(seat) ? Entries(seat).Where(e => IsUndisputed(seat, e)) : [];

    /// <summary>
    /// Revocations that count, even above a gap and after a fork: rights never widen.
    /// </summary>
    public IEnumerable<PolicyChange.Revocation> Revocations(Seat seat) =>
        (MayAct(seat) ? Entries(seat) : [])
            .Where(e => e.Seq < EndOf(seat, e.Log))
            .Select(e => e.Change)
            .OfType<PolicyChange.Revocation>();

    /// <summary>The first slot of one of this seat's logs that does not count.</summary>
    public long EndOf(Seat seat, LogId log)
    {
        if (_ends.TryGetValue(log, out var known))
        {
            return known;
        }

        var end = long.MaxValue;
        for (var above = seat.Appointer; above is not null; above = above.Appointer)
        {
            foreach (var entry in Entries(above))
            {
                if (entry.Change is PolicyChange.Revocation revocation
                    && revocation.EndOf(log) is { } slot
                    && slot < end
                    && entry.Seq < EndOf(above, entry.Log))
                {
                    end = slot;
                }
            }
        }

        foreach (var successor in _seats.Values.Where(s => s.Appointer == seat))
        {
            foreach (var entry in Entries(successor).Where(e => IsTakeOver(successor, e)))
            {
                end = Math.Min(end, ((PolicyChange.Revocation)entry.Change!).EndOf(log) ?? end);
            }
        }

        return _ends[log] = end;
    }

    /// <summary>
    /// Held without a gap below it, which may hide a revocation, before a fork and before the end.
    /// </summary>
    private bool IsUndisputed(Seat seat, PolicyEntry entry) =>
        entry.Seq <= _extentOf(entry.Log).Head && entry.Seq < EndOf(seat, entry.Log);

    private IEnumerable<PolicyEntry> Entries(Seat seat) =>
        _entries[seat.Admission].Where(e => e.Log.Author.Equals(seat.Author));

    /// <summary>
    /// A successor's revocation of the seat that appointed it, from a slot on by which it was
    /// appointed and not yet revoked. So who acted first is written in the slots, not in arrival.
    /// </summary>
    private bool IsTakeOver(Seat seat, PolicyEntry entry)
    {
        if (seat is not { Role: PolicyRole.Successor, Appointer: { } above, Entry: { } appointed }
            || entry.Change is not PolicyChange.Revocation revocation
            || revocation.EndOf(appointed.Log) is not { } end
            || appointed.Seq >= end)
        {
            return false;
        }

        return !Entries(above).Any(e => e.Change is PolicyChange.Revocation earlier
            && earlier.Admissions.Contains(seat.Admission)
            && e.Seq < (revocation.EndOf(e.Log) ?? 1));
    }
}

/// <summary>The right to write policy: whose, under which admission, and who gave it.</summary>
internal sealed record Seat(Did Author, Admission Admission, Seat? Appointer, PolicyEntry? Entry)
{
    /// <summary>Null for the owner.</summary>
    public PolicyRole? Role { get; init; }
}

/// <summary>How far a policy log is held without a gap, and where a fork closes it.</summary>
internal readonly record struct LogExtent(long Head, long ClosedAt);
