using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What does a person's wish become in the policy? A change to be signed, nothing when it is so
/// already, or a reason why not.
/// </summary>
internal static class Governance
{
    public static Answer Of(
        PolicyWish wish, Did self, Rights rights, IReadOnlyDictionary<LogId, LogState> logs)
    {
        if (rights.IsPublic)
        {
            return new Answer.No(
                "topic-public", "A public topic has no owner and no policy: it is its name.");
        }

        if (rights.SeatOf(self) is not { } seat)
        {
            return new Answer.No(
                "policy-refused", "Only the topic's owner, or whom it appointed, writes policy.");
        }

        if (wish is PolicyWish.TakeOver)
        {
            return TakeOver(seat, rights, logs);
        }

        if (!rights.MayAct(seat))
        {
            return new Answer.No(
                "policy-refused",
                "A successor first takes over, and then writes policy: gossip topic take-over.");
        }

        return wish switch
        {
            PolicyWish.Invite invite => Invite(invite, rights),
            PolicyWish.Revoke(var who) => Revoke(who, seat, rights, logs),
            PolicyWish.Appoint or PolicyWish.SetTerms when seat.Role == PolicyRole.Delegate =>
                new Answer.No("policy-refused", "A delegate invites and revokes, and no more."),
            PolicyWish.Appoint(var who, var role) => Appoint(who, role, rights),
            PolicyWish.SetTerms(var terms) when terms == rights.Terms => new Answer.Already(),
            PolicyWish.SetTerms(var terms) => new Answer.Yes(new PolicyChange.NewTerms(terms)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Answer Invite(PolicyWish.Invite wish, Rights rights)
    {
        var (who, writes, entriesMax, address) = wish;
        var standing = rights.Invited.Where(i => i.Author.Equals(who)).ToArray();
        if (standing.Length == 0)
        {
            return new Answer.Yes(new PolicyChange.Invitation(who, writes, entriesMax, address)
            {
                IsByTrust = wish.IsByTrust,
            });
        }

        return standing.Any(i => i.Writes == writes && i.EntriesMax == entriesMax)
            ? new Answer.Already()
            : new Answer.No(
                "already-invited",
                $"{who} is invited on other terms: revoke that first, then invite anew. Its logs "
                + "so far stay as they are, and it begins new ones.");
    }

    private static Answer Appoint(Did who, PolicyRole role, Rights rights) =>
        rights.Appointed.Any(a => a.Author.Equals(who) && a.Role == role)
            ? new Answer.Already()
            : new Answer.Yes(new PolicyChange.Appointment(who, role));

    private static Answer Revoke(
        Did who, Seat seat, Rights rights, IReadOnlyDictionary<LogId, LogState> logs)
    {
        if (who.Equals(rights.Owner))
        {
            return new Answer.No("policy-refused", "The owner cannot be revoked; it can leave.");
        }

        var admissions = rights.AdmissionsOf(who).RemoveAll(a => !rights.MayRevoke(seat, a));
        return admissions.IsEmpty
            ? new Answer.No(
                "member-unknown",
                $"{who} is no member of this topic that this node may revoke: a delegate takes "
                + "back what it gave itself.")
            : new Answer.Yes(RevocationOf(who, admissions, logs));
    }

    private static Answer TakeOver(
        Seat seat, Rights rights, IReadOnlyDictionary<LogId, LogState> logs)
    {
        if (seat is not { Role: PolicyRole.Successor, Appointer: { } above })
        {
            return new Answer.No("policy-refused", "Only an appointed successor takes over.");
        }

        return rights.MayAct(seat)
            ? new Answer.Already()
            : new Answer.Yes(RevocationOf(
                above.Author,
                above.Role is null
                    ? [above.Admission, rights.OwnersAdmission]
                    : [above.Admission],
                logs));
    }

    /// <summary>What is held of each log stays; of more logs than one revocation names, nothing.
    /// </summary>
    private static PolicyChange.Revocation RevocationOf(
        Did who, ImmutableArray<Admission> admissions, IReadOnlyDictionary<LogId, LogState> logs) =>
        new(
            who,
            [.. admissions.Take(PolicyChange.Revocation.AdmissionsMax)],
            [
                .. logs.Values
                    .Where(s => admissions.Contains(s.Log.Admission) && s.Holdings.Head > 0)
                    .OrderByDescending(s => s.Holdings.Head)
                    .Take(PolicyChange.Revocation.LogsMax)
                    .Select(s => new LastSlot(s.Log, s.Holdings.Head)),
            ]);

    /// <summary>What comes of a wish.</summary>
    public abstract record Answer
    {
        private Answer()
        {
        }

        public sealed record Yes(PolicyChange Change) : Answer;

        public sealed record Already : Answer;

        public sealed record No(string Code, string Reason) : Answer;
    }
}
