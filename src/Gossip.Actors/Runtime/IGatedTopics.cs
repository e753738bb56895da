using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Actors.Runtime;

/// <summary>
/// A topic whose gate this node keeps: it is the owner, or a delegate that the policy names. Scores
/// count from the owner's viewpoint.
/// </summary>
internal sealed record GatedTopic(TopicName Name, Did Owner, GateRules Rules);

/// <summary>Which topics does trust gate here, and how is somebody let in or closed out?</summary>
internal interface IGatedTopics
{
    /// <summary>
    /// Completes when topics, rules or members may have changed: take it first, then look.
    /// </summary>
    Task NextChange { get; }

    ImmutableArray<GatedTopic> Topics { get; }

    /// <summary>Everyone who is in, as the policy log stands here.</summary>
    /// <exception cref="GossipException">Not now; it is tried again.</exception>
    Task<ImmutableArray<GateMember>> MembersAsync(TopicName topic, CancellationToken stop);

    /// <summary>
    /// Publishes an invitation; when the task completes, members show it. Nothing happens when it
    /// stands already.
    /// </summary>
    /// <exception cref="GossipException">Not now; it is tried again.</exception>
    Task InviteAsync(TopicName topic, Did who, CancellationToken stop);

    /// <summary>
    /// Publishes a revocation; when the task completes, members show it. Nothing happens when it
    /// stands already.
    /// </summary>
    /// <exception cref="GossipException">Not now; it is tried again.</exception>
    Task RevokeAsync(TopicName topic, Did who, CancellationToken stop);
}
