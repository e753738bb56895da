using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Actors;

/// <summary>
/// Where do scores come from? A node's own source is the graph of attestations in
/// <see cref="SystemTopic.Trust"/>; an application gives another with <see cref="GossipParts"/>.
/// Members are called from any thread, several at once.
/// </summary>
public interface ITrustSource
{
    /// <summary>
    /// Completes when a score may have changed: take it first, then ask, then wait for it, and no
    /// change is missed.
    /// </summary>
    Task NextChange { get; }

    /// <summary>How far a viewpoint trusts a subject, and why.</summary>
    ValueTask<TrustScore> ScoreAsync(Did viewpoint, Did subject, CancellationToken stop);

    /// <summary>
    /// Everyone whose score from a viewpoint is above 0 and reaches this, the most trusted first.
    /// </summary>
    ValueTask<ImmutableArray<Ranked>> ReachingAsync(
        Did viewpoint, Score least, CancellationToken stop);
}
