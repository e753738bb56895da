using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What of this topic is not here any more? Floors that retention raises, and gaps that nobody
/// serves. A policy log keeps everything: rights follow from all of it.
/// </summary>
internal sealed class Forgetting(IReadOnlyDictionary<LogId, LogState> logs, Policy policy)
{
    private readonly SortedSet<LogId> _lossy =
        [.. logs.Values.Where(s => !s.Lost.IsEmpty).Select(s => s.Log)];

    /// <summary>What nobody could serve so far.</summary>
    public ImmutableArray<LostView> Lost
    {
        get
        {
            _lossy.RemoveWhere(log => logs[log].Lost.IsEmpty);
            return [.. _lossy.Select(log => new LostView(log, logs[log].Lost))];
        }
    }

    /// <summary>
    /// Raises floors as far as may be: what is not delivered yet is not forgotten.
    /// </summary>
    public void Trim(Signal.Trim asked, Plan plan)
    {
        foreach (var (log, floor) in asked.Floors)
        {
            if (logs.TryGetValue(log, out var state)
                && !policy.Rights.RulingOn(log).IsPolicyLog
                && state.CanTrimTo(floor))
            {
                var lost = state.Lost.Slots;
                plan.Entries.RemoveAll(e => e.Header.Log == log && e.Header.Seq < floor);
                Change(state, plan, state.Trim(floor), state.Lost.Slots - lost);
            }
        }
    }

    /// <summary>Gives up the lowest gap of each of these logs.</summary>
    public void Lose(IEnumerable<LogId> unserved, Plan plan)
    {
        foreach (var state in unserved.Select(log => logs[log]))
        {
            var lost = state.Lost.Slots;
            state.LoseGap();
            _lossy.Add(state.Log);
            Change(state, plan, 0, state.Lost.Slots - lost);
        }
    }

    private static void Change(LogState state, Plan plan, long trimmed, long lost)
    {
        plan.Bounds.Add((state.Log, trimmed, Math.Max(0, lost)));
        plan.Touched.Add(state.Log);
    }
}
