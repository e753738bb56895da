using System.Text.Json.Serialization;
using Gossip.Actors.Protocol;

namespace Gossip.Host.Api;

/// <summary>
/// A peer: how the connection to it stands, and how far it is trusted. Standing is good,
/// quarantined, banned or blocked; times are Unix milliseconds.
/// </summary>
internal sealed record PeerShape(
    string? Did, string Address, string State, long LastSeen, int Attempts, int Successes,
    string? LastError, ReputationShape Reputation)
{
    public static PeerShape Of(PeerView peer) => new(
        peer.Did, peer.Address, peer.State, peer.LastSeen, peer.Attempts, peer.Successes,
        peer.LastError, Of(peer.Reputation));

    public static ReputationShape Of(PeerReputation reputation) => new(
        Spell(reputation.Standing),
        Math.Round(reputation.Score, 1),
        reputation.BannedUntil,
        reputation.Blocked,
        [.. reputation.Reasons.Select(reason => new ReasonShape(
            reason.Kind is { } kind ? Spell(kind) : null, reason.Time, reason.Evidence))]);

    public static string Spell(Standing standing) => standing switch
    {
        Standing.Good => "good",
        Standing.Quarantined => "quarantined",
        Standing.Banned => "banned",
        _ => "blocked",
    };

    private static string Spell(Misconduct kind) => kind switch
    {
        Misconduct.SignatureWrong => "signature-wrong",
        Misconduct.ProtocolAbuse => "protocol-abuse",
        Misconduct.PromiseBroken => "promise-broken",
        _ => "flood",
    };
}

/// <summary>Blocked is the operator's reason; null when it is not blocked.</summary>
internal sealed record ReputationShape(
    string Standing, double Score, long? BannedUntil, string? Blocked, ReasonShape[] Reasons);

/// <summary>The kind is null for a ban that the node imposed before it was restarted.</summary>
internal sealed record ReasonShape(string? Kind, long Time, string Evidence);

/// <summary>What an operator decided of a peer, and how it stood before.</summary>
internal sealed record JudgementShape(string Did, string Decided, ReputationShape Before);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BlockRequestShape(string? Reason);
