using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who may write here, from which slot on not any more, and who may read? A function of the signed
/// policy entries that are held, and of nothing else. A topic without an owner admits everybody.
/// </summary>
internal sealed class Rights
{
    /// <summary>Logs whose ruling is remembered; a stranger chooses how many it names.</summary>
    private const int RulingsMax = 65_536;

    /// <summary>
    /// Entries of one policy log: it is kept whole for ever, and read whole at each start.
    /// </summary>
    private const int PolicyLogMax = 65_536;

    private readonly TopicRef _topic;
    private readonly Ruling _open;
    private readonly Did? _founder;
    private readonly Seats? _seats;
    private readonly IReadOnlyDictionary<EntryId, PolicyEntry> _held;
    private readonly Rotations _rotations;
    private readonly Func<LogId, LogExtent> _extentOf;
    private readonly Dictionary<Admission, PolicyChange.Invitation> _invitations = [];
    private readonly Dictionary<LogId, Ruling> _rulings = [];

    public Rights(
        TopicRef topic,
        IReadOnlyDictionary<EntryId, PolicyEntry> held,
        Rotations rotations,
        Func<LogId, LogExtent> extentOf)
    {
        (_topic, _held, _rotations, _extentOf) = (topic, held, rotations, extentOf);
        _open = new(Verdict.Admitted, false, false, long.MaxValue, SystemTopic.SeqMax(topic.Id));
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

        _founder = founding.Log.Author;
        Owner = rotations.Holders(Admission.None, _founder).FirstOrDefault(_founder);
        (Terms, OwnersEntriesMax) = (terms, ownersMax);
        _seats = new(_founder, held, extentOf);
        foreach (var seat in _seats.All)
        {
            Count(seat);
        }

        Readers = IsUnreadable
            ? Readers.Of(Governors)
            : Readers.Of(Governors.Concat(Invited.Select(i => i.Author)));
    }

    public bool IsPublic => _topic.Name.IsPublic;

    /// <summary>
    /// Who founded it, or the key that followed; null in a public topic, and before the first
    /// policy entry is held.
    /// </summary>
    public Did? Owner { get; }

    public PolicyTerms? Terms { get; private set; }

    /// <summary>Under which the owner writes entries: the first entry of its policy log.</summary>
    public Admission OwnersAdmission => new(1, new(_topic.Id.Hash));

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
        : _seats.All.Where(IsSeated).SelectMany(Holders).Distinct();

    /// <summary>Invitations that were not revoked, of who holds them now.</summary>
    public IEnumerable<PolicyChange.Invitation> Invited => Admitted.Select(i => i.Said);

    /// <summary>The same, with the admission that each is.</summary>
    public IEnumerable<(Admission Under, PolicyChange.Invitation Said)> Admitted =>
        from i in _invitations
        where !IsRevoked(i.Key)
        from holder in _rotations.Holders(i.Key, i.Value.Author)
        select (i.Key, i.Value with { Author = holder });

    /// <summary>Appointments that stand.</summary>
    public IEnumerable<(Did Author, PolicyRole Role, bool MayAct)> Appointed =>
        from seat in _seats?.All ?? []
        where seat.Role is not null && IsSeated(seat)
        from holder in Holders(seat)
        select (holder, seat.Role!.Value, _seats!.MayAct(seat));

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
            return _open;
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
                _invitations.TryGetValue(log.Admission, out var invitation) && !invitation.Writes,
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

        return HoldsOwners(who)
            ? OwnersAdmission
            : _invitations
                .Where(i => i.Value.Writes && Holds(who, i.Key, i.Value.Author))
                .Select(i => (Admission?)i.Key)
                .Max();
    }

    /// <summary>Under which seat this identity writes policy now; null when it may not.</summary>
    public Seat? SeatOf(Did who) => _seats?.All
        .Where(s => Holders(s).Contains(who) && IsSeated(s))
        .MinBy(s => (s.Role is not null, !_seats.MayAct(s), s.Admission));

    /// <summary>The owner's key, now or once; or a successor's that took over.</summary>
    public bool Owns(Did who) => (_seats?.All ?? []).Any(s =>
        s.Role != PolicyRole.Delegate && _seats!.MayAct(s)
        && _rotations.Authors(s.Admission, s.Author).Contains(who));

    /// <summary>May it do more than take over?</summary>
    public bool MayAct(Seat seat) => _seats!.MayAct(seat);

    /// <summary>What a seat has given, or one below it: it may take that back.</summary>
    public bool MayRevoke(Seat seat, Admission admission) => _seats!.IsUnder(seat, admission);

    /// <summary>Everything this identity was admitted to and still is.</summary>
    public ImmutableArray<Admission> AdmissionsOf(Did who) =>
    [
        .. _invitations.Where(i => Holds(who, i.Key, i.Value.Author)).Select(i => i.Key)
            .Concat((_seats?.All ?? [])
                .Where(s => Holds(who, s.Admission, s.Author)).Select(s => s.Admission))
            .Order(),
    ];

    /// <summary>What this key hands on when it is rotated: everything it may read or write under.
    /// </summary>
    public IEnumerable<Admission> RotatesUnder(Did who) =>
        IsPublic ? [Admission.None]
        : HoldsOwners(who) ? AdmissionsOf(who).Append(OwnersAdmission)
        : AdmissionsOf(who);

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
            : log.Admission == OwnersAdmission ? Only(_founder!, log)
            : _invitations.TryGetValue(log.Admission, out var invitation)
                ? Only(invitation.Author, log)
            : IsPast(log.Admission) ? Verdict.Refused
            : Verdict.Unknown;
    }

    private bool IsPolicyLog(LogId log) => !IsPublic && (_seats is null
        ? log.Admission == Admission.None && IsLetIn(_topic.Name.Owner!, log)
        : _seats.Find(log.Admission) is { } seat && IsLetIn(seat.Author, log));

    private long EndOf(LogId log) => _seats is null ? long.MaxValue
        : _seats.Find(log.Admission) is { } seat ? _seats.EndOf(seat, log)
        : _seats.EndOf(log);

    private long LastOf(LogId log)
    {
        var max = IsPolicyLog(log) ? PolicyLogMax
            : _invitations.TryGetValue(log.Admission, out var i) ? i.Writes ? i.EntriesMax : 1
            : OwnersEntriesMax;
        return max == 0 ? Dot.SeqMax : max;
    }

    private bool IsSeated(Seat seat) => _seats!.IsAppointed(seat)
        && !IsRevoked(seat.Admission)
        && !_seats.IsTakenOver(seat);

    private bool IsRevoked(Admission admission) => _seats!.IsRevoked(admission);

    private bool HoldsOwners(Did who) =>
        _founder is not null && Holds(who, OwnersAdmission, _founder);

    /// <summary>Given to one, handed on to this one, and not revoked.</summary>
    private bool Holds(Did who, Admission admission, Did first) =>
        !IsRevoked(admission) && _rotations.Holders(admission, first).Contains(who);

    private IEnumerable<Did> Holders(Seat seat) =>
        _rotations.Holders(seat.Admission, seat.Author);

    /// <summary>
    /// Written by whom the admission was given to, or by a key that followed; or listed by a
    /// revocation: then it was let in, by a rotation that may never come here.
    /// </summary>
    private bool IsLetIn(Did first, LogId log) => log.Author.Equals(first)
        || _rotations.Authors(log.Admission, first).Contains(log.Author)
        || _seats?.Lists(log) == true;

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
        foreach (var entry in _seats!.Grants(seat))
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

    /// <summary>A stranger may yet turn out to be a successor.</summary>
    private Verdict Only(Did first, LogId log) =>
        IsLetIn(first, log) ? Verdict.Admitted : Verdict.Unknown;
}
