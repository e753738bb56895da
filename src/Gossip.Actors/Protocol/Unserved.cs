namespace Gossip.Actors.Protocol;

/// <summary>
/// Which gap can nobody who is connected fill? One whose slots lie below the floor of somebody who
/// has the log, once everybody had a chance to offer them.
/// </summary>
internal sealed class Unserved(
    TimeSpan patience, IReadOnlyDictionary<LogId, LogState> logs, Policy policy)
{
    private readonly SortedDictionary<Link, Holder> _holders = [];
    private readonly SortedSet<LogId> _due = [];

    /// <summary>Nothing is known of it until it shows its rows again.</summary>
    public void Forget(Link link) => _holders.Remove(link);

    /// <summary>A peer showed all that differs from ours; floors say what it has forgotten.
    /// </summary>
    public void Note(Link link, IEnumerable<Row> rows)
    {
        var holder = HolderAt(link);
        holder.HasShown = true;
        foreach (var row in rows.Where(r => r.Holdings.Floor > 1))
        {
            holder.Floors[row.Log] = row.Holdings.Floor;
            _due.Add(row.Log);
        }
    }

    /// <summary>These logs changed: where a floor is known, a gap may be left.</summary>
    public void Review(IEnumerable<LogId> changed) =>
        _due.UnionWith(changed.Where(log => _holders.Values.Any(h => h.Floors.ContainsKey(log))));

    /// <summary>The logs whose lowest gap nobody serves, as far as is known by now.</summary>
    public LogId[] Take(IReadOnlyCollection<Link> subscribers, Pulls pulls, Moment now)
    {
        if (_due.Count == 0)
        {
            return [];
        }

        if (!subscribers.All(link => HolderAt(link).IsKnown(now, patience)))
        {
            return [];
        }

        LogId[] unserved = [.. _due.Where(log => IsUnserved(log, pulls))];
        _due.Clear();
        return unserved;
    }

    private bool IsUnserved(LogId log, Pulls pulls) =>
        logs.TryGetValue(log, out var state)
        && state.FirstGap is { } gap
        && !policy.Rights.RulingOn(log).IsPolicyLog
        && _holders.Values.Any(h => h.Floors.GetValueOrDefault(log) > gap.Last)
        && !pulls.IsOffered(log, gap);

    private Holder HolderAt(Link link)
    {
        if (!_holders.TryGetValue(link, out var holder))
        {
            _holders.Add(link, holder = new());
        }

        return holder;
    }

    /// <summary>One peer, and below which slots it keeps nothing.</summary>
    private sealed class Holder
    {
        private TimeSpan? _since;

        public Dictionary<LogId, long> Floors { get; } = [];

        public bool HasShown { get; set; }

        /// <summary>It was heard, or is silent for longer than a round may take.</summary>
        public bool IsKnown(Moment now, TimeSpan patience) =>
            HasShown || now.Elapsed - (_since ??= now.Elapsed) >= patience;
    }
}
