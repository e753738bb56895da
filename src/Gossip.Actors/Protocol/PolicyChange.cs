using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>How members come to be: by hand, or by what the owner's trust says of them.</summary>
public enum TopicKind
{
    /// <summary>Whoever the owner invites.</summary>
    Private = 1,

    /// <summary>As private, with an automatic inviter: see <see cref="PolicyTerms.MinTrust"/>.
    /// </summary>
    TrustGated = 2,
}

/// <summary>What an author of policy may do.</summary>
public enum PolicyRole
{
    /// <summary>Invites, and revokes invitations.</summary>
    Delegate = 1,

    /// <summary>
    /// Takes the owner's place, once it says from which slot on: what a lost or stolen key of the
    /// owner is mended with. Until then it may do nothing else.
    /// </summary>
    Successor = 2,
}

/// <summary>What holds for the whole topic; the owner's newest terms count.</summary>
public sealed record PolicyTerms
{
    /// <summary>A score of 1, in what is signed.</summary>
    public const int TrustUnit = 1_000_000;

    public TopicKind Kind { get; init; } = TopicKind.Private;

    /// <summary>
    /// The score, 0 to 1, from the owner's viewpoint at which the inviter admits; below it, the
    /// inviter closes again. Kept in millionths.
    /// </summary>
    public double MinTrust { get; init; }

    /// <summary>How long nodes keep entries; zero: for ever. A node's own floor decides.</summary>
    public TimeSpan Keep { get; init; }

    /// <summary>How many bytes of entries a node keeps; 0: all.</summary>
    public long KeepBytes { get; init; }
}

/// <summary>Where a log ends that a revocation knows.</summary>
public readonly record struct LastSlot(LogId Log, long Seq);

/// <summary>What one entry of a policy log says. One change an entry: its slot is an admission.
/// </summary>
public abstract record PolicyChange
{
    private PolicyChange()
    {
    }

    /// <summary>
    /// The first entry: it makes the topic, and its author the owner, each of whose own logs holds
    /// at most <paramref name="EntriesMax"/> entries; 0: no limit.
    /// </summary>
    public sealed record Founding(string Label, PolicyTerms Terms, long EntriesMax) : PolicyChange;

    public sealed record NewTerms(PolicyTerms Terms) : PolicyChange;

    /// <summary>
    /// Lets someone read, and write if it says so. Its slot is the admission that every log of the
    /// invited carries; a new invitation means new logs. Each holds at most
    /// <paramref name="EntriesMax"/> entries (0: no limit). Members may dial the invited at
    /// <paramref name="Address"/>, host:port; empty when unknown.
    /// </summary>
    public sealed record Invitation(Did Author, bool Writes, long EntriesMax, string Address)
        : PolicyChange
    {
        /// <summary>The automatic inviter's: it closes again what the owner's trust left.</summary>
        public bool IsByTrust { get; init; }
    }

    /// <summary>Lets someone write policy, in a policy log of its own.</summary>
    public sealed record Appointment(Did Author, PolicyRole Role) : PolicyChange;

    /// <summary>
    /// Withdraws admissions of one author. Of its logs under them, those listed end after the slot
    /// they are listed with; every other ends before its first.
    /// </summary>
    public sealed record Revocation(
        Did Author, ImmutableArray<Admission> Admissions, ImmutableArray<LastSlot> Logs)
        : PolicyChange
    {
        /// <summary>A revocation that needs more names fewer: other logs close at 1.</summary>
        public const int LogsMax = 1024;

        public const int AdmissionsMax = 1024;

        /// <summary>The first slot of this log that it takes away; null for none.</summary>
        public long? EndOf(LogId log)
        {
            if (!Admissions.Contains(log.Admission))
            {
                return null;
            }

            foreach (var last in Logs)
            {
                if (last.Log == log)
                {
                    return last.Seq + 1;
                }
            }

            return 1;
        }
    }
}

/// <summary>What a person asks the topic's machine to write into its policy.</summary>
public abstract record PolicyWish
{
    private PolicyWish()
    {
    }

    public sealed record Invite(Did Who, bool Writes, long EntriesMax, string Address) : PolicyWish
    {
        public bool IsByTrust { get; init; }
    }

    /// <summary>Everything that this identity was admitted to.</summary>
    public sealed record Revoke(Did Who) : PolicyWish;

    public sealed record Appoint(Did Who, PolicyRole Role) : PolicyWish;

    /// <summary>The appointed successor takes the owner's place from now on.</summary>
    public sealed record TakeOver : PolicyWish;

    public sealed record SetTerms(PolicyTerms Terms) : PolicyWish;
}
