using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;

namespace Gossip.Actors;

/// <summary>Whom this node trusts, and how far who is trusted by whom.</summary>
public sealed partial class GossipNode
{
    /// <summary>
    /// Whatever scores come from here: ask it from any viewpoint, and wait for changes.
    /// </summary>
    /// <exception cref="GossipException">trust-off, trust-not-carried.</exception>
    public ITrustSource Trust => _node.Trust.Source;

    /// <summary>
    /// Says publicly, signed, how far this node trusts another: 1 is fully. It replaces what this
    /// node said of it before; the same again publishes nothing. Joins <see
    /// cref="SystemTopic.Trust"/> where it is not carried yet. Counts here when the task completes.
    /// </summary>
    /// <exception cref="GossipException">
    /// attestation-weight, attestation-of-self, attestation-note, trust-off, store-…, stopped.
    /// </exception>
    public Task<TrustEdge> AttestAsync(
        Did subject, double weight, string note, CancellationToken stop) =>
        Weight.TryOf(weight, out var exact) && !exact.IsWithdrawn
            ? _node.Trust.SayAsync(subject, exact, note, stop)
            : throw new GossipException(
                "attestation-weight",
                FormattableString.Invariant(
                    $"A weight is 0.000001 to 1, in steps of 0.000001, not {weight}. To withdraw ")
                + "an attestation: RevokeAttestationAsync, or gossip trust remove.");

    /// <summary>Withdraws what this node said of another.</summary>
    /// <exception cref="GossipException">
    /// attestation-unknown, attestation-of-self, trust-off, store-…, stopped.
    /// </exception>
    public Task<TrustEdge> RevokeAttestationAsync(Did subject, CancellationToken stop) =>
        _node.Trust.SayAsync(subject, Weight.Withdrawn, "", stop);

    /// <summary>How far a viewpoint trusts a subject, and the edges that make it so.</summary>
    /// <exception cref="GossipException">trust-off, trust-not-carried, stopped.</exception>
    public ValueTask<TrustScore> TrustOfAsync(
        Did viewpoint, Did subject, CancellationToken stop) =>
        Trust.ScoreAsync(viewpoint, subject, stop);
}
