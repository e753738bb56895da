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
            _ when ruling.OnlyRotates && header.Rotation is null => RefusalCode.AccessRefused,
            _ when header.Seq > ruling.Last && !IsLastOf(ruling, header) => RefusalCode.LogFull,
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

    /// <summary>
    /// May whoever erased this entry's payloads? If not as far as is known, it waits as well.
    /// </summary>
    public bool AllowsErasure(Link link, Entry entry, Outbox outbox)
    {
        if (Erasure.Of(entry) is not { } erasure || policy.Allows(erasure))
        {
            return true;
        }

        outbox.Refuse(RefusalCode.AccessRefused, $"{entry.Dot}: erased by who may not");
        _heldBack.Add(link, entry);
        return false;
    }

    public (Link Link, Entry Entry)[] TakeHeldBack() => _heldBack.TakeAll();

    /// <summary>An entry of a policy log, or a rotation, that is held from now on.</summary>
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
    /// Every signed revocation and rotation counts, also one that contradicts its log or lies past
    /// its end, where nothing else is held. True when it is new.
    /// </summary>
    public bool LearnLate(Entry entry, Plan plan)
    {
        var isNew = CountsPastEnd(entry)
            && !policy.Holds(entry.Id)
            && rules.IsSigned(entry);
        if (isNew)
        {
            Learn(entry, plan);
        }

        return isNew;
    }

    private bool CountsPastEnd(Entry entry)
    {
        var (header, ruling) = (entry.Header, policy.Rights.RulingOn(entry.Header.Log));
        return header.Rotation is not null
            ? ruling.Verdict == Verdict.Admitted && header.IsPolicy == ruling.IsPolicyLog
            : header.IsPolicy
                && ruling.IsPolicyLog
                && header.Seq <= ruling.Last
                && PolicyEntry.Of(entry).Change is PolicyChange.Revocation;
    }

    /// <summary>A full log can still be ended.</summary>
    private static bool IsLastOf(Ruling ruling, Header header) =>
        header.IsEnd && header.Seq == ruling.Last + 1;
}
