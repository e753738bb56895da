using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// A node's key was replaced: it is <paramref name="New"/> from its next start on.
/// <paramref name="Peers"/> were connected: in a topic with an owner, one of them must hear of it
/// from the old identity before the new one may read there.
/// </summary>
public sealed record KeyRotation(
    Did Old, Did New, ImmutableArray<TopicRotation> Topics, int Peers);

/// <summary>The slots that end what the old key wrote in a topic; none where it had no right.
/// </summary>
public sealed record TopicRotation(TopicName Topic, ImmutableArray<Dot> Ends);
