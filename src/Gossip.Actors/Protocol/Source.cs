using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>What may be asked of one peer, in one topic?</summary>
internal sealed class Source
{
    public SortedDictionary<LogId, IntervalSet> Offers { get; } = [];

    /// <summary>Logs that it has closed, and where.</summary>
    public SortedDictionary<LogId, long> Proofs { get; } = [];

    public SortedDictionary<LogId, ImmutableArray<long>> Probes { get; } = [];

    public Dictionary<LogId, long> Agreed { get; } = [];

    public Hopes Hopes { get; } = new();

    public Request? Running { get; set; }
}

/// <summary>A pull that waits for its answer. A hope is no promise: nobody offered it.</summary>
internal sealed record Request(long Number, ImmutableArray<Want> Wants, bool IsHope);

/// <summary>What is asked of anybody now: no slot is asked of two at once.</summary>
internal sealed class Asked
{
    private readonly Dictionary<LogId, IntervalSet> _slots = [];

    public Asked(IEnumerable<Want> wants) => Add(wants);

    public void Add(IEnumerable<Want> wants)
    {
        foreach (var want in wants)
        {
            _slots[want.Log] = Of(want.Log).Union(want.Entries);
        }
    }

    public IntervalSet Of(LogId log) => _slots.GetValueOrDefault(log, IntervalSet.Empty);
}

/// <summary>
/// Which slots, that nobody could serve so far, may this peer hold? Each is answered once.
/// </summary>
internal sealed class Hopes
{
    private readonly SortedDictionary<LogId, IntervalSet> _slots = [];

    public void Add(IEnumerable<LogState> logs)
    {
        foreach (var state in logs)
        {
            _slots[state.Log] = state.Lost;
        }
    }

    /// <summary>The next of them, at most so many.</summary>
    public ImmutableArray<Want> Take(
        IReadOnlyDictionary<LogId, LogState> logs, long room, Predicate<LogId> mayAsk)
    {
        var wants = ImmutableArray.CreateBuilder<Want>();
        foreach (var (log, slots) in _slots.ToArray())
        {
            var wanted = mayAsk(log)
                ? slots.Intersect(logs[log].Lost).Take(room)
                : IntervalSet.Empty;
            if (room <= 0 || wants.Count == Wire.WireLimits.WantsMax)
            {
                break;
            }

            room -= wanted.Slots;
            _slots.Remove(log);
            if (!wanted.IsEmpty)
            {
                wants.Add(Want.EntriesOf(log, wanted));
                Hope(log, slots.Within(wanted.Last + 1, Dot.SeqMax));
            }
        }

        return wants.DrainToImmutable();
    }

    /// <summary>
    /// What comes after the last entry of an answer may have found no room in its page: it is asked
    /// for again. After an empty answer nothing is; without one, all of it.
    /// </summary>
    public void Renew(ImmutableArray<Want> wants, ImmutableArray<Entry>? answer)
    {
        var heads = answer?.GroupBy(e => e.Header.Log)
            .ToDictionary(g => g.Key, g => g.Max(e => e.Header.Seq));
        var reached = heads is null
            ? 0
            : wants.ToList().FindLastIndex(w => heads.ContainsKey(w.Log));
        foreach (var want in reached < 0 ? [] : wants[reached..])
        {
            var head = heads?.GetValueOrDefault(want.Log) ?? 0;
            Hope(want.Log, want.Entries.Within(head + 1, Dot.SeqMax));
        }
    }

    private void Hope(LogId log, IntervalSet slots)
    {
        if (!slots.IsEmpty)
        {
            _slots[log] = _slots.GetValueOrDefault(log, IntervalSet.Empty).Union(slots);
        }
    }
}
