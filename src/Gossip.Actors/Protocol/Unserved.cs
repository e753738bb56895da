namespace Gossip.Actors.Protocol;

/// <summary>
/// What do we lack that nobody who is connected can serve? Where somebody's floor, or a closure,
/// says that slots may be gone, everybody is asked for them once; what nobody brings is lost.
/// </summary>
internal sealed class Unserved(
    TimeSpan patience, IReadOnlyDictionary<LogId, LogState> logs, Policy policy)
{
    /// <summary>Floors believed of one peer at once; a round tells them anew.</summary>
    private const int FloorsMax = 65_536;

    private readonly SortedDictionary<Link, SortedSet<LogId>> _trimmed = [];

    /// <summary>Logs with a gap that may stay, and since when.</summary>
    private readonly SortedDictionary<LogId, TimeSpan> _due = [];

    private readonly SortedDictionary<LogId, IntervalSet> _asked = [];

    public void Forget(Link link) => _trimmed.Remove(link);

    /// <summary>A peer came: it is asked as everybody was.</summary>
    public void Meet(Link link, Pulls pulls)
    {
        foreach (var (log, slots) in _asked)
        {
            pulls.Hope(link, log, slots);
        }
    }

    /// <summary>A peer showed all that differs from ours; floors say what it has forgotten.
    /// </summary>
    public void Note(Link link, IEnumerable<Row> rows, Moment now)
    {
        var trimmed = rows.Where(r => r.Holdings.Floor > 1).Select(r => r.Log).Take(FloorsMax);
        _trimmed[link] = [.. trimmed];
        foreach (var log in _trimmed[link])
        {
            _due.TryAdd(log, now.Elapsed);
        }
    }

    /// <summary>These logs changed: a gap may be left in them.</summary>
    public void Review(IEnumerable<LogId> changed, Moment now)
    {
        foreach (var log in changed.Where(MayStay))
        {
            _due.TryAdd(log, now.Elapsed);
        }
    }

    /// <summary>What everybody was asked for, and nobody brought.</summary>
    public (LogId Log, IntervalSet Slots)[] Take(
        IReadOnlyCollection<Link> subscribers, Pulls pulls, Moment now)
    {
        if ((_due.Count == 0 && _asked.Count == 0) || subscribers.Count == 0)
        {
            return [];
        }

        foreach (var (log, _) in _due.Where(d => now.Elapsed - d.Value >= patience).ToArray())
        {
            _due.Remove(log);
            AskAll(log, subscribers, pulls);
        }

        var lost = new List<(LogId Log, IntervalSet Slots)>();
        foreach (var (log, slots) in _asked.ToArray())
        {
            var missing = slots.Intersect(MissingOf(log));
            if (missing.IsEmpty)
            {
                _asked.Remove(log);
            }
            else if (!pulls.IsAwaited(log, missing))
            {
                _asked.Remove(log);
                lost.Add((log, missing));
            }
        }

        return [.. lost];
    }

    private void AskAll(LogId log, IEnumerable<Link> subscribers, Pulls pulls)
    {
        var missing = MissingOf(log);
        if (!missing.Except(_asked.GetValueOrDefault(log, IntervalSet.Empty)).IsEmpty)
        {
            _asked[log] = missing;
            foreach (var link in subscribers)
            {
                pulls.Hope(link, log, missing);
            }
        }
    }

    private bool MayStay(LogId log) => logs.TryGetValue(log, out var state)
        && state.FirstGap is not null
        && (state.ClosedAt is not null || _trimmed.Values.Any(t => t.Contains(log)));

    private IntervalSet MissingOf(LogId log) =>
        logs.TryGetValue(log, out var state) && !policy.Rights.RulingOn(log).IsPolicyLog
            ? state.Gaps
            : IntervalSet.Empty;
}
