namespace Gossip.Actors.Protocol;

/// <summary>
/// Of whom is anything remembered? Strangers choose their names, so of more than so many the
/// best-behaved goes first, and of equals the one that was quiet for longest.
/// </summary>
internal sealed class Dossiers(GossipReputation options)
{
    private readonly SortedDictionary<Did, Dossier> _all = [];

    public IEnumerable<Dossier> All => _all.Values;

    public Dossier? Find(Did did) => _all.GetValueOrDefault(did);

    /// <summary>And who was forgotten for it.</summary>
    public Dossier Open(Did did, TimeSpan now, out Dossier? forgotten)
    {
        forgotten = null;
        if (_all.TryGetValue(did, out var known))
        {
            return known;
        }

        if (_all.Count >= options.IdentitiesMax)
        {
            forgotten = _all.Values.MinBy(d => (d.Standing, d.ScoreAt(now), d.LastHeard))!;
            _all.Remove(forgotten.Did);
        }

        var dossier = new Dossier(did, options);
        _all.Add(did, dossier);
        return dossier;
    }

    public Dossier? Remove(Did did) => _all.Remove(did, out var dossier) ? dossier : null;
}
