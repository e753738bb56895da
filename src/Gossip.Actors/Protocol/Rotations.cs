namespace Gossip.Actors.Protocol;

/// <summary>
/// Who writes under an admission, once keys were rotated? Every signed rotation that is held
/// counts, also past a fork of its log, so what follows from them only ever grows: the invited, its
/// successors, and theirs. A rotation speaks for the admission that its log carries. Whoever
/// rotated its key away may not read any more, and never comes back. A key that names two
/// successors has both: who stole it gains nothing by being first, and the owner revokes what it
/// should not have.
/// </summary>
internal sealed class Rotations
{
    private readonly Dictionary<EntryId, Entry> _held = [];
    private readonly Dictionary<(Admission Admission, Did Old), SortedSet<Entry>> _byOld = [];

    private static readonly Comparer<Entry> BySlot = Comparer<Entry>.Create((one, other) =>
        (one.Header.Seq, one.Id).CompareTo((other.Header.Seq, other.Id)));

    public bool IsEmpty => _held.Count == 0;

    public bool Holds(EntryId id) => _held.ContainsKey(id);

    /// <summary>True when it is new.</summary>
    public bool Add(Entry entry)
    {
        if (!_held.TryAdd(entry.Id, entry))
        {
            return false;
        }

        var key = (entry.Header.Log.Admission, entry.Header.Log.Author);
        if (!_byOld.TryGetValue(key, out var rotations))
        {
            _byOld.Add(key, rotations = new(BySlot));
        }

        return rotations.Add(entry);
    }

    public IEnumerable<Entry> Of(LogId log) =>
        _byOld.TryGetValue((log.Admission, log.Author), out var rotations)
            ? rotations.Where(e => e.Header.Log == log)
            : [];

    /// <summary>Did this key name a successor, under this admission?</summary>
    public bool IsRotated(Admission admission, Did who) => _byOld.ContainsKey((admission, who));

    /// <summary>
    /// Whose logs may carry this admission: whom it was given to, then every successor, in the
    /// order of the slots that name them.
    /// </summary>
    public IReadOnlyList<Did> Authors(Admission admission, Did first)
    {
        if (!IsRotated(admission, first))
        {
            return [first];
        }

        var authors = new List<Did> { first };
        for (var i = 0; i < authors.Count; i++)
        {
            authors.AddRange(From(authors[i])
                .Select(e => e.Header.Rotation!.Successor)
                .Distinct()
                .Except(authors)
                .ToArray());
        }

        return authors;

        IEnumerable<Entry> From(Did old) => _byOld.GetValueOrDefault((admission, old)) ?? [];
    }

    /// <summary>Who holds this admission now: of those, whoever did not rotate its key away.
    /// </summary>
    public IEnumerable<Did> Holders(Admission admission, Did first) =>
        Authors(admission, first).Where(who => !IsRotated(admission, who));
}
