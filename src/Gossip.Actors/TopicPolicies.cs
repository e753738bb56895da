using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Actors;

/// <summary>
/// Topics with an owner: make one, invite, revoke. Every call is durable here when it completes,
/// and holds at other nodes once they have heard of it.
/// </summary>
public sealed class TopicPolicies
{
    private readonly RunningNode _node;

    internal TopicPolicies(RunningNode node) => _node = node;

    /// <summary>
    /// Makes a topic that this node owns, and carries it. Give its <see cref="TopicRef"/>, as text,
    /// to whom you invite.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-exists, topic-label, policy-terms, store-…, stopped.
    /// </exception>
    public Task<TopicRef> CreateAsync(
        string label, PolicyTerms terms, CancellationToken stop)
    {
        if (TopicName.Refusal(label) is { } refusal || label.Contains('@', StringComparison.Ordinal)
            || label.Length > TopicName.LabelBytesMax)
        {
            throw new GossipException(
                "topic-label",
                $"'{label}' cannot name a topic: 1 to {TopicName.LabelBytesMax} of letters, "
                + "digits, . _ - and /.");
        }

        Check(terms);
        return _node.CreateAsync(label, terms, 0, stop);
    }

    /// <summary>
    /// Lets someone read, and write. Nothing changes when it already may.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, topic-public, policy-refused, already-invited, store-…, stopped.
    /// </exception>
    public Task InviteAsync(
        TopicName topic, Did who, TopicInvitation terms, CancellationToken stop)
    {
        if (terms.EntriesMax is < 0 or >= Dot.SeqMax)
        {
            throw new GossipException(
                "policy-terms", $"entries-max: 0 (no limit) to 2^53, not {terms.EntriesMax}.");
        }

        return GovernAsync(
            topic,
            new PolicyWish.Invite(who, terms.Writes, terms.EntriesMax, terms.Address ?? ""),
            stop);
    }

    /// <summary>
    /// Takes back all that someone was admitted to. What is held here of its logs stays; what it
    /// writes from then on counts nowhere.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, topic-public, policy-refused, member-unknown, store-…, stopped.
    /// </exception>
    public Task RevokeAsync(TopicName topic, Did who, CancellationToken stop) =>
        GovernAsync(topic, new PolicyWish.Revoke(who), stop);

    /// <summary>
    /// Names a delegate, who invites and revokes; or a successor, who may take the owner's place.
    /// </summary>
    /// <exception cref="GossipException">As <see cref="RevokeAsync"/>.</exception>
    public Task AppointAsync(
        TopicName topic, Did who, PolicyRole role, CancellationToken stop) =>
        GovernAsync(topic, new PolicyWish.Appoint(who, role), stop);

    /// <summary>
    /// This node was appointed successor: from the last policy entry that it holds on, its word
    /// counts instead of the owner's.
    /// </summary>
    /// <exception cref="GossipException">As <see cref="RevokeAsync"/>.</exception>
    public Task TakeOverAsync(TopicName topic, CancellationToken stop) =>
        GovernAsync(topic, new PolicyWish.TakeOver(), stop);

    /// <exception cref="GossipException">policy-terms; as <see cref="RevokeAsync"/>.</exception>
    public Task SetTermsAsync(TopicName topic, PolicyTerms terms, CancellationToken stop)
    {
        Check(terms);
        return GovernAsync(topic, new PolicyWish.SetTerms(terms), stop);
    }

    private Task GovernAsync(TopicName topic, PolicyWish wish, CancellationToken stop) =>
        _node.Publishing.GovernAsync(_node.Topics.IdOf(topic), wish, stop);

    private static void Check(PolicyTerms terms)
    {
        if (terms.MinTrust is not (>= 0 and <= 1))
        {
            throw new GossipException(
                "policy-terms", $"min-trust: a score of 0 to 1, not {terms.MinTrust}.");
        }

        if (terms.Keep < TimeSpan.Zero || terms.KeepBytes < 0)
        {
            throw new GossipException(
                "policy-terms", "keep and keep-bytes: 0 for no limit, or above; not below 0.");
        }
    }
}

/// <summary>What an invitation lets someone do. Reading is always part of it.</summary>
public sealed record TopicInvitation
{
    public bool Writes { get; init; } = true;

    /// <summary>Entries of each log that it writes; 0: no limit. Counted by number.</summary>
    public long EntriesMax { get; init; }

    /// <summary>host:port where other members may dial it; null: unknown.</summary>
    public string? Address { get; init; }
}
