using Gossip.Actors.Trust;

namespace Gossip.Actors;

/// <summary>Does a node keep the graph of attestations?</summary>
public enum TrustMode
{
    /// <summary>
    /// As soon as its topic is carried: because this node attests, or a person or a policy joins
    /// it.
    /// </summary>
    Auto,

    /// <summary>From the start.</summary>
    On,

    /// <summary>Never; it cannot attest either.</summary>
    Off,
}

/// <summary>Who counts as trusted, and whether this node wants to know.</summary>
public sealed record GossipTrust
{
    /// <summary>A node that no one asks about trust need not carry a topic for it.</summary>
    public TrustMode Enabled { get; init; } = TrustMode.Auto;

    /// <summary>
    /// The lowest score of <see cref="TrustClass.Known"/>: a weak word of someone trusted.
    /// </summary>
    public double KnownMin { get; init; } = 0.1;

    /// <summary>
    /// The lowest score of <see cref="TrustClass.Partner"/>: it takes a direct attestation.
    /// </summary>
    public double PartnerMin { get; init; } = 0.4;

    /// <summary>
    /// The lowest score of <see cref="TrustClass.Federated"/>: full trust, or others agree.
    /// </summary>
    public double FederatedMin { get; init; } = 0.7;

    /// <summary>A score exactly at a threshold reaches it.</summary>
    public TrustClass ClassOf(Score score) =>
        score >= Score.Of(FederatedMin) ? TrustClass.Federated
        : score >= Score.Of(PartnerMin) ? TrustClass.Partner
        : score >= Score.Of(KnownMin) ? TrustClass.Known
        : TrustClass.Isolated;

    internal IEnumerable<string> Refusals()
    {
        (string Name, double Value, double Least, string Of)[] thresholds =
        [
            ("known-min", KnownMin, 0, "0"),
            ("partner-min", PartnerMin, KnownMin, "known-min"),
            ("federated-min", FederatedMin, PartnerMin, "partner-min"),
        ];
        return
            from threshold in thresholds
            where !(threshold.Value >= threshold.Least && threshold.Value <= 1)
            select FormattableString.Invariant(
                $"{threshold.Name}: {threshold.Of} to 1, not {threshold.Value}");
    }
}
