using System.Collections.Immutable;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Which slots, that nobody offers, may this peer hold? It is asked for each until it answers, or
/// has not three times.
/// </summary>
internal sealed class Hopes
{
    private const int TriesMax = 3;

    private readonly SortedDictionary<LogId, IntervalSet> _slots = [];
    private int _tries;

    public void Add(LogId log, IntervalSet slots)
    {
        if (!slots.IsEmpty)
        {
            _slots[log] = _slots.GetValueOrDefault(log, IntervalSet.Empty).Union(slots);
        }
    }

    public bool Has(LogId log, IntervalSet slots) =>
        _slots.TryGetValue(log, out var hoped) && !hoped.Intersect(slots).IsEmpty;

    /// <summary>The next of them, at most so many.</summary>
    public ImmutableArray<Want> Take(
        IReadOnlyDictionary<LogId, LogState> logs, long room, Predicate<LogId> mayAsk)
    {
        var wants = ImmutableArray.CreateBuilder<Want>();
        foreach (var (log, slots) in _slots.ToArray())
        {
            if (room <= 0 || wants.Count == WireLimits.WantsMax)
            {
                break;
            }

            _slots.Remove(log);
            var lacking = mayAsk(log) ? logs[log].Lacking(slots) : IntervalSet.Empty;
            var wanted = IntervalSet.Of(lacking.Take(room).Take(WireLimits.RangesMax));
            if (!wanted.IsEmpty)
            {
                room -= wanted.Slots;
                wants.Add(Want.EntriesOf(log, wanted));
                Add(log, lacking.Within(wanted.Last + 1, Dot.SeqMax));
            }
        }

        return wants.DrainToImmutable();
    }

    /// <summary>
    /// What comes after the last entry of an answer may have found no room in its page: it is asked
    /// for again. After an answer with nothing that was asked, nothing is.
    /// </summary>
    public void Renew(ImmutableArray<Want> wants, ImmutableArray<Entry> answer)
    {
        _tries = 0;
        var heads = wants.Select(w => answer
            .Where(e => e.Header.Log == w.Log && w.Entries.Contains(e.Header.Seq))
            .Select(e => e.Header.Seq)
            .DefaultIfEmpty(0)
            .Max()).ToList();
        var reached = heads.FindLastIndex(head => head > 0);
        for (var i = reached; i >= 0 && i < wants.Length; i++)
        {
            Add(wants[i].Log, wants[i].Entries.Within(heads[i] + 1, Dot.SeqMax));
        }
    }

    public void Retry(ImmutableArray<Want> wants)
    {
        if (++_tries < TriesMax)
        {
            wants.ToList().ForEach(w => Add(w.Log, w.Entries));
        }
    }
}
