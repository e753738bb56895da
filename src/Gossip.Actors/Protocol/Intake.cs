using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What may come in? Judges each arriving entry: format, policy, closure, duplicates,
/// contradictions, and the signature last. What it admits waits in the next batch.
/// </summary>
internal sealed class Intake(
    TopicId topic,
    EntryRules rules,
    SortedDictionary<LogId, LogState> logs,
    Policy policy,
    Erasures erasures,
    Delivery delivery,
    Authorship own,
    Looks looks)
{
    private readonly Forks _forks = new(topic, rules, logs, looks);
    private readonly Admittance _admittance = new(policy, rules);

    /// <summary>Admitted, planned, not yet durable.</summary>
    public Plan Next { get; private set; } = new();

    public Plan TakePlan()
    {
        var plan = Next;
        Next = new();
        return plan;
    }

    public void Take(
        Link link,
        ImmutableArray<Entry> entries,
        ImmutableArray<ForkProof> proofs,
        int bytes,
        Outbox outbox)
    {
        foreach (var proof in proofs.Where(p => _admittance.Allows(p.First.Header, outbox)))
        {
            _forks.Examine(proof, outbox);
        }

        var admitted = entries.Count(entry => Admit(link, entry, outbox));
        outbox.Count(Tally.EntriesReceived, admitted);
        if (admitted > 0)
        {
            // The credit comes back when they are stored: a reader never outruns the disk.
            Next.Credits.Add((link, bytes));
        }
        else
        {
            outbox.Add(new Effect.Credit(link, bytes));
        }
    }

    public void TakeHeaders(Link link, ImmutableArray<SignedHeader> headers, Outbox outbox)
    {
        foreach (var header in headers)
        {
            if (rules.RefusalOf(header) is var (code, detail))
            {
                outbox.Refuse(code, detail);
            }
            else if (_admittance.Allows(header.Header, outbox))
            {
                Suspect(header, link, outbox);
            }
        }
    }

    /// <summary>Puts an entry where its log now reaches; durable with the next batch.</summary>
    public void Hold(Entry arrived, Plan plan, Outbox outbox)
    {
        var entry = erasures.Apply(arrived);
        var header = entry.Header;
        var state = StateOf(header.Log);
        var isLate = state.IsMissed(header.Seq);
        state.Add(header, entry.Id);
        plan.Entries.Add(entry);
        plan.Touched.Add(header.Log);
        if (header.IsPolicy || header.Rotation is not null)
        {
            Learn(entry, plan);
        }

        if (isLate)
        {
            delivery.AddLate(entry.Dot);
        }

        if (!header.IsPolicy)
        {
            delivery.Know(entry.SignedHeader);
            erasures.Learn(entry, plan, outbox);
        }

        if (header.IsEnd && header.Seq + 1 < state.End)
        {
            var proof = ForkProof.OfEnd(entry.SignedHeader.Detached());
            Close(new(header.Seq + 1, proof), entry.Id, plan, outbox);
        }
    }

    /// <summary>What was held around a suspect is known: a duplicate, a fork, or neither.</summary>
    public void Conclude(Signal.Found found, Pulls pulls, Outbox outbox)
    {
        if (found.Suspicion is Suspicion.OfHeader(var suspect, var from)
            && found.Headers.Any(h => h.Id == suspect.Id))
        {
            outbox.Count(Tally.EntriesDuplicate);
            pulls.Agree(from, found.Log, suspect.Header.Seq);
        }
        else if (_forks.Conclude(found, outbox) is var (closure, idBefore))
        {
            Next.Proofs.Add(closure.Proof);
            Close(closure, idBefore, Next, outbox);
        }
    }

    /// <summary>The policy changed: what waited for it is looked at again.</summary>
    public void Retry(Outbox outbox)
    {
        foreach (var (link, entry) in _admittance.TakeHeldBack())
        {
            outbox.Count(Tally.EntriesReceived, Admit(link, entry, outbox) ? 1 : 0);
        }
    }

    private bool Admit(Link link, Entry entry, Outbox outbox)
    {
        if (rules.RefusalOf(entry) is var (code, detail))
        {
            outbox.Refuse(code, detail);
            return false;
        }

        var (header, id) = (entry.Header, entry.Id);
        if (!_admittance.Allows(header, outbox))
        {
            _admittance.HoldBack(link, entry);
            return LearnLate(entry);
        }

        if (!_admittance.AllowsErasure(link, entry, outbox))
        {
            return false;
        }

        if (logs.TryGetValue(header.Log, out var state))
        {
            if (state.IdAt(header.Seq) == id)
            {
                outbox.Count(Tally.EntriesDuplicate);
                return false;
            }

            if (header.Seq < state.Floor)
            {
                outbox.Refuse(
                    RefusalCode.BelowFloor, $"{header.Dot}: kept from #{state.Floor} on");
                return false;
            }

            if (state.Holds(header.Seq)
                || header.Seq >= state.End
                || state.Contradicts(header, id))
            {
                Suspect(entry.SignedHeader, link, outbox);
                return LearnLate(entry);
            }
        }

        if (!rules.IsSigned(entry))
        {
            outbox.Refuse(RefusalCode.SignatureWrong, $"{entry.Dot}: not signed by its author");
            outbox.NotSigned(link, header);
            return false;
        }

        if (own.IsOurs(header.Log))
        {
            // Our own entry, which we lack: this store is older than what we once told others.
            own.Renounce(outbox);
        }

        Hold(entry, Next, outbox);
        return true;
    }

    /// <summary>It has no slot here, but a row that shows it.</summary>
    private bool LearnLate(Entry entry)
    {
        if (!_admittance.LearnLate(entry, Next))
        {
            return false;
        }

        Next.Touched.Add(StateOf(entry.Header.Log).Log);
        return true;
    }

    /// <summary>
    /// A slot of our own log beyond what we hold: whatever the proof will be, this store is old, so
    /// nothing more may be written, and acknowledged, in that log.
    /// </summary>
    private void Suspect(SignedHeader header, Link link, Outbox outbox)
    {
        if (own.IsOurs(header.Header.Log)
            && logs.TryGetValue(header.Header.Log, out var state)
            && header.Header.Seq > state.Holdings.Head
            && rules.IsSigned(header))
        {
            own.Renounce(outbox);
        }

        _forks.Suspect(header, link, outbox);
    }

    private void Learn(Entry entry, Plan plan)
    {
        _admittance.Learn(entry, plan);
        if (entry.Header.Rotation is not null)
        {
            erasures.Review(plan);
        }
    }

    private LogState StateOf(LogId log)
    {
        if (!logs.TryGetValue(log, out var state))
        {
            logs.Add(log, state = new(log));
            if (policy.Rights.RulingOn(log).End is var end and < long.MaxValue)
            {
                state.Revoke(end, null);
            }
        }

        return state;
    }

    private void Close(Closure closure, EntryId? idBefore, Plan plan, Outbox outbox)
    {
        var log = closure.Log;
        var state = StateOf(log);
        var delivered = state.Delivered;
        state.Close(closure, idBefore);
        plan.Entries.RemoveAll(e => e.Header.Log == log && e.Header.Seq >= closure.Slot);
        plan.Touched.Add(log);
        plan.Closures.Add((closure, delivered - state.Delivered));
        outbox.Count(Tally.LogsClosed);
        if (closure.Proof.Rotation is not null)
        {
            Learn(new(closure.Proof.First, Array.Empty<byte>()), plan);
        }

        if (policy.Rights.RulingOn(log).IsPolicyLog)
        {
            policy.Touch();
        }

        if (own.IsOurs(log))
        {
            own.Renounce(outbox);
        }
    }
}
