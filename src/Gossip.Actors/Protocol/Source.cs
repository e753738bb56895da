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

/// <summary>A pull that waits for its answer. A hope was offered by nobody: no promise.</summary>
internal sealed record Request(long Number, ImmutableArray<Want> Wants, bool IsHope);

/// <summary>What is asked of anybody now: no slot that was offered is asked of two at once.
/// </summary>
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
