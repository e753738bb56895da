using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>What a topic's policy says of a log.</summary>
internal enum Verdict
{
    Admitted,

    /// <summary>Its admission is not held here yet: it may come, or never.</summary>
    Unknown,

    Refused,
}

/// <summary>
/// Everything the policy says of one log. A revocation takes away what comes from
/// <paramref name="End"/> on (beyond all slots, if none does); <paramref name="Last"/> is the last
/// slot that the log may use.
/// </summary>
internal sealed record Ruling(Verdict Verdict, bool IsPolicyLog, long End, long Last);

/// <summary>
/// Who may write here, from which slot on not any more, and who may read? A function of the signed
/// policy entries that are held, and of nothing else. A topic without an owner admits everybody.
/// </summary>
internal sealed class Rights
{
    /// <summary>Logs whose ruling is remembered; a stranger chooses how many it names.</summary>
    private const int RulingsMax = 65_536;

    private static readonly Ruling Open =
        new(Verdict.Admitted, false, long.MaxValue, Dot.SeqMax);

    private readonly TopicRef _topic;
    private readonly Seats? _seats;
    private readonly IReadOnlyDictionary<EntryId, PolicyEntry> _held;
    private readonly Func<LogId, LogExtent> _extentOf;
    private readonly Dictionary<Admission, PolicyChange.Invitation> _invitations = [];
    private readonly List<PolicyChange.Revocation> _revocations = [];
    private readonly HashSet<Admission> _revoked = [];
    private readonly Dictionary<LogId, Ruling> _rulings = [];

    public Rights(
        TopicRef topic,
        IReadOnlyDictionary<EntryId, PolicyEntry> held,
        Func<LogId, LogExtent> extentOf)
    {
        (_topic, _held, _extentOf) = (topic, held, extentOf);
        if (IsPublic)
        {
            Readers = Readers.Everyone;
            return;
        }

        if (!_held.TryGetValue(new(topic.Id.Hash), out var founding)
            || founding.Change is not PolicyChange.Founding(_, var terms, var ownersMax)
            || !founding.Log.Author.Equals(topic.Name.Owner))
        {
            // Whoever knows the topic's id may bring its policy; there is nothing else to read.
            Readers = founding is null ? Readers.Everyone : Readers.Nobody;
            IsUnreadable = founding is not null;
            return;
        }

        (Owner, Terms, OwnersEntriesMax) = (founding.Log.Author, terms, ownersMax);
        _seats = new(Owner, held.Values, extentOf);
        foreach (var seat in _seats.All)
        {
            _revocations.AddRange(_seats.Revocations(seat));
            Count(seat);
        }

        _revoked.UnionWith(_revocations.SelectMany(r => r.Admissions));

        Readers = IsUnreadable
            ? Readers.Of(Governors)
            : Readers.Of(Governors.Concat(Invited.Select(i => i.Author)));
    }

    public bool IsPublic => _topic.Name.IsPublic;

    /// <summary>Null in a public topic, and before the first policy entry is held.</summary>
    public Did? Owner { get; }

    public PolicyTerms? Terms { get; private set; }

    /// <summary>Of each of the owner's own logs; 0: no limit.</summary>
    public long OwnersEntriesMax { get; }

    /// <summary>
    /// An entry that counts says what this version cannot read: nothing is admitted, and nobody
    /// but authors of policy may read, until the node is upgraded.
    /// </summary>
    public bool IsUnreadable { get; private set; }

    public Readers Readers { get; }

    /// <summary>Who may write policy now.</summary>
    public IEnumerable<Did> Governors => _seats is null
        ? []
        : _seats.All.Where(IsSeated).Select(s => s.Author).Distinct();

    /// <summary>Invitations that were not revoked.</summary>
    public IEnumerable<PolicyChange.Invitation> Invited =>
        _invitations.Where(i => !IsRevoked(i.Key)).Select(i => i.Value);

    /// <summary>Appointments that stand.</summary>
    public IEnumerable<(Did Author, PolicyRole Role, bool MayAct)> Appointed =>
        from seat in _seats?.All ?? []
        where seat.Role is not null && IsSeated(seat)
        select (seat.Author, seat.Role!.Value, _seats!.MayAct(seat));

    /// <summary>
    /// Where members may be dialled, if the policy says so.
    /// </summary>
    public ImmutableArray<(Did Did, string Address)> Addresses =>
        [.. Invited.Where(i => i.Address.Length > 0).Select(i => (i.Author, i.Address))];

    /// <summary>What the policy says of a log, drawn from it once.</summary>
    public Ruling RulingOn(LogId log)
    {
        if (IsPublic && log.Admission == Admission.None)
        {
            return Open;
        }

        if (!_rulings.TryGetValue(log, out var ruling))
        {
            if (_rulings.Count >= RulingsMax)
            {
                _rulings.Clear();
            }

            var verdict = Judge(log);
            ruling = new(
                verdict,
                IsPolicyLog(log),
                verdict == Verdict.Refused ? 1 : EndOf(log),
                LastOf(log));
            _rulings.Add(log, ruling);
        }

        return ruling;
    }

    /// <summary>Under which admission this identity writes entries now; null when it may not.
    /// </summary>
    public Admission? WritesUnder(Did who)
    {
        if (IsPublic)
        {
            return Admission.None;
        }

        if (_seats is null || IsUnreadable)
        {
            return null;
        }

        var owners = new Admission(1, new(_topic.Id.Hash));
        return who.Equals(Owner) && !IsRevoked(owners)
            ? owners
            : _invitations
                .Where(i => i.Value.Writes && i.Value.Author.Equals(who) && !IsRevoked(i.Key))
                .Select(i => (Admission?)i.Key)
                .Max();
    }

    /// <summary>Under which seat this identity writes policy now; null when it may not.</summary>
    public Seat? SeatOf(Did who) => _seats?.All
        .Where(s => s.Author.Equals(who) && IsSeated(s))
        .MinBy(s => (s.Role is not null, !_seats.MayAct(s), s.Admission));

    /// <summary>May it do more than take over?</summary>
    public bool MayAct(Seat seat) => _seats!.MayAct(seat);

    /// <summary>Everything this identity was admitted to and still is.</summary>
    public ImmutableArray<Admission> AdmissionsOf(Did who) =>
    [
        .. _invitations.Where(i => i.Value.Author.Equals(who)).Select(i => i.Key)
            .Concat((_seats?.All ?? []).Where(s => s.Author.Equals(who)).Select(s => s.Admission))
            .Where(a => !IsRevoked(a))
            .Order(),
    ];

    private Verdict Judge(LogId log)
    {
        if (IsPublic)
        {
            return Verdict.Refused;
        }

        if (_seats is null)
        {
            return log.Admission != Admission.None || IsUnreadable ? Verdict.Unknown
                : Only(_topic.Name.Owner!, log);
        }

        return _seats.Find(log.Admission) is { } seat && _seats.IsAppointed(seat)
                ? Only(seat.Author, log)
            : IsUnreadable ? Verdict.Unknown
            : IsOwners(log.Admission) ? Only(Owner!, log)
            : _invitations.TryGetValue(log.Admission, out var invitation)
                ? invitation.Writes ? Only(invitation.Author, log) : Verdict.Refused
            : IsPast(log.Admission) ? Verdict.Refused
            : Verdict.Unknown;
    }

    private bool IsPolicyLog(LogId log) => !IsPublic
        && (log.Admission == Admission.None || _seats?.Find(log.Admission) is not null);

    private long EndOf(LogId log) => _seats?.Find(log.Admission) is { } seat
        ? _seats.EndOf(seat, log)
        : _revocations.Select(r => r.EndOf(log) ?? long.MaxValue)
            .DefaultIfEmpty(long.MaxValue).Min();

    private long LastOf(LogId log)
    {
        var max = IsPolicyLog(log) ? 0
            : _invitations.TryGetValue(log.Admission, out var i) ? i.EntriesMax
            : OwnersEntriesMax;
        return max == 0 ? Dot.SeqMax : max;
    }

    private bool IsSeated(Seat seat) => _seats!.IsAppointed(seat) && !IsRevoked(seat.Admission);

    private bool IsRevoked(Admission admission) => _revoked.Contains(admission);

    private bool IsOwners(Admission admission) =>
        admission.Seq == 1 && admission.Id.Hash == _topic.Id.Hash;

    /// <summary>
    /// What it names is held, and does not admit: it says something else, or counts no more. What
    /// waits for a gap below it may yet count.
    /// </summary>
    private bool IsPast(Admission admission) =>
        _held.TryGetValue(admission.Id, out var entry)
        && (entry.Seq <= _extentOf(entry.Log).Head
            || entry.Seq >= _extentOf(entry.Log).ClosedAt
            || entry.Seq >= EndOf(entry.Log));

    private void Count(Seat seat)
    {
        foreach (var entry in _seats!.Counted(seat))
        {
            switch (entry.Change)
            {
                case PolicyChange.Invitation invitation:
                    _invitations[entry.Admission] = invitation;
                    break;
                case PolicyChange.NewTerms(var terms) when seat.Role != PolicyRole.Delegate:
                    Terms = terms;
                    break;
                case null:
                    IsUnreadable = true;
                    break;
            }
        }
    }

    private static Verdict Only(Did author, LogId log) =>
        log.Author.Equals(author) ? Verdict.Admitted : Verdict.Refused;
}
