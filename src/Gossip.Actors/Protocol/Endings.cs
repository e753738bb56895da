using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Which logs no longer count from some slot on, as far as is durable? A proof closed them, or the
/// topic's policy took them away.
/// </summary>
internal sealed class Endings
{
    private readonly SortedDictionary<LogId, Closure> _closures = [];
    private readonly SortedDictionary<LogId, long> _revoked = [];

    public Endings(IEnumerable<LogRecord> stored)
    {
        foreach (var log in stored)
        {
            if (log.Closure is { } closure)
            {
                _closures.Add(log.Log, closure);
            }

            Take(log.Log, log.PolicyEnd);
        }
    }

    public ImmutableArray<Closure> Closures => [.. _closures.Values];

    /// <summary>
    /// The first slot that the policy takes away. Where a proof closes the log as low, that says
    /// all; where it does so higher, both are told: an entry that forks stays evidence.
    /// </summary>
    public ImmutableArray<Dot> Revoked =>
    [
        .. from r in _revoked
           where !_closures.TryGetValue(r.Key, out var closure) || closure.Slot > r.Value
           select new Dot(r.Key, r.Value),
    ];

    public void Take(Plan durable)
    {
        durable.Closures.ForEach(c => _closures[c.Closure.Log] = c.Closure);
        durable.PolicyEnds.ForEach(end => Take(end.Log, end.Seq));
    }

    /// <summary>A revocation past the last slot that a log can have takes nothing away.</summary>
    private void Take(LogId log, long end)
    {
        if (end <= Dot.SeqMax)
        {
            _revoked[log] = end;
        }
    }
}
