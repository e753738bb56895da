namespace Gossip.Actors.Protocol;

/// <summary>
/// Which slots does the policy take away from logs that are held here? Called when the policy has
/// changed; where the id before the cut is not in memory, the store is asked for it first.
/// </summary>
internal sealed class Cuts(
    TopicId topic, Policy policy, IReadOnlyDictionary<LogId, LogState> logs, Looks looks)
{
    public void Make(Plan plan, Outbox outbox)
    {
        foreach (var state in logs.Values)
        {
            var end = policy.Rights.RulingOn(state.Log).End;
            if (end < state.PolicyEnd)
            {
                Make(state, end, plan, outbox);
            }
        }
    }

    /// <summary>The store was asked for the id before a cut.</summary>
    public void Conclude(Signal.Found found, Suspicion.OfRevocation suspicion, Plan plan)
    {
        if (logs.TryGetValue(found.Log, out var state) && suspicion.End < state.PolicyEnd)
        {
            Make(state, suspicion.End, found.Headers.FirstOrDefault()?.Id, plan);
        }
    }

    private void Make(LogState state, long end, Plan plan, Outbox outbox)
    {
        var idBefore = end > 1 ? state.IdAt(end - 1) : null;
        if (end <= 1 || end > state.Holdings.Head || idBefore is not null)
        {
            Make(state, end, idBefore, plan);
        }
        else if (!looks.TryAdd(new(
            topic, state.Log, new SeqRange(end - 1, end - 1), new Suspicion.OfRevocation(end))))
        {
            outbox.Refuse(RefusalCode.QueueFull, $"{state.Log}: too much to look up");
        }
    }

    private static void Make(LogState state, long end, EntryId? idBefore, Plan plan)
    {
        var delivered = state.Delivered;
        state.Revoke(end, idBefore);
        plan.Entries.RemoveAll(e => e.Header.Log == state.Log && e.Header.Seq >= end);
        plan.Touched.Add(state.Log);
        plan.Revoked.Add((state.Log, end, delivered - state.Delivered));
    }
}
