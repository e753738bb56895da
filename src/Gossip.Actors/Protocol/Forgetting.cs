using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What of this topic is not here any more? Floors that retention raises, and gaps that nobody
/// serves. A policy log keeps everything: rights follow from all of it.
/// </summary>
internal sealed class Forgetting(IReadOnlyDictionary<LogId, LogState> logs, Policy policy)
{
    /// <summary>People are shown so many logs with losses at most.</summary>
    private const int ShownMax = 100;

    private readonly SortedSet<LogId> _lossy =
        [.. logs.Values.Where(s => !s.Lost.IsEmpty).Select(s => s.Log)];

    /// <summary>What nobody could serve so far, as people are shown it.</summary>
    public ImmutableArray<LostView> Lost { get; private set; } = [];

    /// <summary>This became durable: what is lost may be more, or less.</summary>
    public void Review(Plan durable)
    {
        if (durable.Bounds.Count > 0 || durable.Placements.Any(p => p.IsLate))
        {
            Review();
        }
    }

    public void Review()
    {
        _lossy.RemoveWhere(log => logs[log].Lost.IsEmpty);
        Lost = [.. _lossy.Take(ShownMax).Select(log => new LostView(log, logs[log].Lost))];
    }

    /// <summary>
    /// Raises floors as far as may be: what is not delivered yet is not forgotten, nor the last
    /// thousand.
    /// </summary>
    public void Trim(Signal.Trim asked, Plan plan)
    {
        foreach (var (log, wanted) in asked.Floors)
        {
            if (logs.TryGetValue(log, out var state)
                && !policy.Rights.RulingOn(log).IsPolicyLog
                && Math.Min(wanted, state.FloorMost) is var floor
                && floor > state.Floor)
            {
                var lost = state.Lost.Slots;
                plan.Entries.RemoveAll(e => e.Header.Log == log && e.Header.Seq < floor);
                Change(state, plan, state.Trim(floor), state.Lost.Slots - lost);
            }
        }
    }

    /// <summary>Gives up what these logs lack, and nobody could serve.</summary>
    public void Lose(IEnumerable<(LogId Log, IntervalSet Slots)> unserved, Plan plan)
    {
        foreach (var (log, slots) in unserved)
        {
            var state = logs[log];
            var lost = state.Lost.Slots;
            while (state.FirstGap is { } gap && slots.Contains(gap.First))
            {
                state.LoseGap();
            }

            _lossy.Add(log);
            Change(state, plan, 0, state.Lost.Slots - lost);
        }
    }

    private static void Change(LogState state, Plan plan, long trimmed, long lost)
    {
        plan.Bounds.Add((state.Log, trimmed, Math.Max(0, lost)));
        plan.Touched.Add(state.Log);
    }
}
