namespace Gossip.Actors.Protocol;

/// <summary>
/// What does the topic's policy let in? An entry whose admission is not known yet waits aside;
/// nothing is refused because of another entry that may still come.
/// </summary>
internal sealed class Admittance(Policy policy, EntryRules rules)
{
    private readonly HeldBack _heldBack = new();

    /// <summary>May this log hold such an entry in this slot, as far as the policy is known?
    /// </summary>
    public bool Allows(Header header, Outbox outbox)
    {
        var ruling = policy.Rights.RulingOn(header.Log);
        var refusal = ruling.Verdict switch
        {
            Verdict.Unknown => RefusalCode.AdmissionUnknown,
            Verdict.Refused => RefusalCode.AccessRefused,
            _ when header.IsPolicy != ruling.IsPolicyLog => RefusalCode.AccessRefused,
            _ when header.Seq > ruling.Last => RefusalCode.LogFull,
            _ when header.Seq >= ruling.End => RefusalCode.PastClosure,
            _ => (RefusalCode?)null,
        };
        if (refusal is { } code)
        {
            outbox.Refuse(code, $"{header.Dot}: the topic's policy does not admit it");
        }

        return refusal is null;
    }

    /// <summary>It comes back when the policy has changed, if there is room for it.</summary>
    public void HoldBack(Link link, Entry entry)
    {
        if (policy.Rights.RulingOn(entry.Header.Log).Verdict == Verdict.Unknown)
        {
            _heldBack.Add(link, entry);
        }
    }

    public (Link Link, Entry Entry)[] TakeHeldBack() => _heldBack.TakeAll();

    /// <summary>An entry of a policy log that is held from now on.</summary>
    public void Learn(Entry entry, Plan plan)
    {
        if (!policy.Holds(entry.Id))
        {
            plan.Policies.Add(entry);
            policy.Add(entry);
        }

        // A gap below others may have gone with it.
        policy.Touch();
    }

    /// <summary>
    /// Every signed revocation counts, also past a fork of its policy log, where nothing else is
    /// held. True when it is new.
    /// </summary>
    public bool LearnLate(Entry entry, LogState state, Plan plan)
    {
        var isNew = entry.Header.IsPolicy
            && entry.Header.Seq >= state.End
            && !policy.Holds(entry.Id)
            && PolicyEntry.Of(entry).Change is PolicyChange.Revocation
            && rules.IsSigned(entry.SignedHeader);
        if (isNew)
        {
            Learn(entry, plan);
            plan.Touched.Add(entry.Header.Log);
        }

        return isNew;
    }
}
