namespace Gossip.Actors.Protocol;

/// <summary>
/// What does the topic's policy change here, and who is told? Turns wishes into entries of the
/// policy log, and a policy that says something new into what is held, written and shown.
/// </summary>
internal sealed class Governor(
    TopicRef topic,
    Self self,
    Policy policy,
    IReadOnlyDictionary<LogId, LogState> logs,
    Authorship own,
    Looks looks)
{
    private readonly Cuts _cuts = new(topic.Id, policy, logs, looks);

    /// <summary>Writes the change that a person asks for, or says why not.</summary>
    public void Answer(Signal.Govern asked, Outbox outbox)
    {
        switch (Governance.Of(asked.Wish, self.Did, policy.Rights, logs))
        {
            case Governance.Answer.Yes(var change):
                var payload = new Payload(PolicyFormat.Encode(change));
                own.Policy.Enqueue(new(topic.Id, asked.Call, [payload]));
                break;
            case Governance.Answer.No(var code, var reason):
                outbox.Add(new Effect.Decline(asked.Call, code, reason));
                break;
            default:
                outbox.Add(new Effect.Acknowledge(asked.Call, []));
                break;
        }
    }

    /// <summary>
    /// True when the policy says something new: what it takes away goes with this plan, and what
    /// we write follows. Others are told once that is durable.
    /// </summary>
    public bool Follow(Plan plan, Outbox outbox)
    {
        if (!policy.Settle())
        {
            return false;
        }

        plan.ChangesRights = true;
        _cuts.Make(plan, outbox);
        own.Follow(outbox);
        return true;
    }

    /// <summary>What the policy took away since the store was written, if anything.</summary>
    public void Cut(Plan plan, Outbox outbox) => _cuts.Make(plan, outbox);

    /// <summary>The store was asked for the id before a cut.</summary>
    public void Conclude(Signal.Found found, Suspicion.OfRevocation suspicion, Plan plan) =>
        _cuts.Conclude(found, suspicion, plan);

    /// <summary>Sessions, the ledger, the book and people hear who may do what.</summary>
    public void Tell(Outbox outbox)
    {
        var rights = policy.Rights;
        outbox.Tell(new Signal.TopicCarried(topic.Id, topic.Name) { Readers = rights.Readers });
        if (!rights.IsPublic)
        {
            outbox.Tell(new Signal.MembersAt(topic.Id, rights.Addresses));
            TellTerms(outbox);
        }
    }

    /// <summary>How much of it may be kept.</summary>
    public void TellTerms(Outbox outbox)
    {
        if (policy.Rights.Terms is { } terms)
        {
            outbox.Tell(new Signal.KeptFor(topic.Id, terms.Keep, terms.KeepBytes));
        }
    }

    /// <summary>People see it before whoever asked for it is answered.</summary>
    public void Show(Outbox outbox)
    {
        if (!policy.Rights.IsPublic)
        {
            outbox.Add(new Effect.Show(
                new View.Policy(topic.Id, PolicyView.Of(policy.Rights, self.Did))));
        }
    }
}
