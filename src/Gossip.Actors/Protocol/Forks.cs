using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Did an author write two histories? Anything that does not fit what is held is looked up beside
/// the headers held around it; two signed claims on one slot close the log there.
/// </summary>
internal sealed class Forks(
    TopicId topic,
    EntryRules rules,
    IReadOnlyDictionary<LogId, LogState> logs,
    Looks looks)
{
    /// <summary>
    /// A header that is a duplicate, or contradicts what is held, or comes after the end.
    /// </summary>
    public void Suspect(SignedHeader header, Link from, Outbox outbox)
    {
        var (log, seq) = (header.Header.Log, header.Header.Seq);
        var end = logs.TryGetValue(log, out var state) ? state.End : long.MaxValue;
        if (seq > end)
        {
            // It claims slots at and after the closure: it cannot lower it.
            outbox.Refuse(RefusalCode.PastClosure, $"{header.Header.Dot}: closed at {end}");
            return;
        }

        Look(log, new Suspicion.OfHeader(header.Detached(), from), outbox);
    }

    public void Examine(ForkProof proof, Outbox outbox)
    {
        if (proof.Slot is not { } slot)
        {
            outbox.Refuse(RefusalCode.ProofInvalid, "two headers that do not disagree");
            return;
        }

        var log = proof.First.Header.Log;
        if (logs.TryGetValue(log, out var state) && state.End <= slot)
        {
            return;
        }

        if (!rules.IsProven(proof))
        {
            outbox.Refuse(RefusalCode.ProofInvalid, $"{log}: foreign, or not signed by its author");
            return;
        }

        Look(log, new Suspicion.OfProof(proof.Detached()), outbox);
    }

    /// <summary>A lower closure, and the id just before it; null when nothing is proven.</summary>
    public (Closure Closure, EntryId? IdBefore)? Conclude(Signal.Found found, Outbox outbox)
    {
        if (IsStale(found))
        {
            Look(found.Log, found.Suspicion, outbox);
            return null;
        }

        var lowest = Candidates(found, outbox)
            .Where(p => p.Slot is not null)
            .MinBy(p => (p.Slot, FirstSeq(p), p.First.Id, p.Second.Id));
        var end = logs.TryGetValue(found.Log, out var state) ? state.End : long.MaxValue;
        if (lowest?.Slot is not { } slot || slot >= end)
        {
            return null;
        }

        var headers = found.Headers.Append(lowest.First).Append(lowest.Second).ToArray();
        var idBefore = headers.FirstOrDefault(h => h.Header.Seq == slot - 1)?.Id
            ?? headers.FirstOrDefault(h => h.Header.Seq == slot)?.Header.Prev;
        return (new(slot, lowest), idBefore);
    }

    private ImmutableArray<ForkProof> Candidates(Signal.Found found, Outbox outbox)
    {
        switch (found.Suspicion)
        {
            case Suspicion.OfProof(var proof):
                // What is held may disagree with either half, one slot lower.
                return [proof, .. Pairs(found.Headers, proof.First),
                    .. Pairs(found.Headers, proof.Second)];
            case Suspicion.OfHeader(var suspect, _) when rules.IsSigned(suspect):
                var proofs = Pairs(found.Headers, suspect);
                return ClosureOf(found.Log) is { } closure
                    ? [.. proofs, .. Pairs([closure.Proof.First, closure.Proof.Second], suspect)]
                    : proofs;
            case Suspicion.OfHeader(var suspect, var from):
                outbox.NotSigned(from, suspect.Header);
                outbox.Refuse(
                    RefusalCode.SignatureWrong,
                    $"{suspect.Header.Dot}: not signed by its author");
                return [];
            default:
                return [];
        }
    }

    private void Look(LogId log, Suspicion suspicion, Outbox outbox)
    {
        if (!looks.TryAdd(new(topic, log, SlotsAround(suspicion), suspicion)))
        {
            outbox.Refuse(RefusalCode.QueueFull, $"{log}: too much to look up");
        }
    }

    /// <summary>
    /// The log grew there while the store was read: the answer misses what counts.
    /// </summary>
    private bool IsStale(Signal.Found found)
    {
        if (!logs.TryGetValue(found.Log, out var state))
        {
            return false;
        }

        var slots = SlotsAround(found.Suspicion);
        var held = state.Held.Within(slots.First, slots.Last);
        return !held.Except(IntervalSet.Of(
            found.Headers.Select(h => new SeqRange(h.Header.Seq, h.Header.Seq)))).IsEmpty;
    }

    /// <summary>
    /// Every slot whose header may contradict it, and one before for the id there.
    /// </summary>
    private static SeqRange SlotsAround(Suspicion suspicion)
    {
        var (first, last) = suspicion switch
        {
            Suspicion.OfHeader(var header, _) => (header.Header.Seq - 2, header.Header.Seq + 1),
            Suspicion.OfProof({ Slot: { } slot } proof) =>
                (Math.Min(slot, FirstSeq(proof)) - 1, slot + 1),
            _ => throw new InvariantException($"{suspicion} is not about a fork"),
        };
        return new(Math.Max(1, first), Math.Min(last, Dot.SeqMax));
    }

    /// <summary>
    /// A proof that holds the entry in the slot itself remembers what came before it: whatever
    /// contradicts that later closes the log one lower, in every order of arrival.
    /// </summary>
    private static long FirstSeq(ForkProof proof) =>
        Math.Min(proof.First.Header.Seq, proof.Second.Header.Seq);

    private Closure? ClosureOf(LogId log) => logs.GetValueOrDefault(log)?.Closure;

    private static ImmutableArray<ForkProof> Pairs(
        ImmutableArray<SignedHeader> held, SignedHeader suspect) =>
        [.. held.Select(h => new ForkProof(h, suspect))];
}
