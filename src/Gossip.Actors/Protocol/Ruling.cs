namespace Gossip.Actors.Protocol;

/// <summary>What a topic's policy says of a log.</summary>
internal enum Verdict
{
    Admitted,

    /// <summary>Its admission is not held here yet: it may come, or never.</summary>
    Unknown,

    Refused,
}

/// <summary>
/// Everything the policy says of one log. A revocation takes away what comes from
/// <paramref name="End"/> on (beyond all slots, if none does); <paramref name="Last"/> is the last
/// slot that the log may use. Who may only read writes nothing but the rotation of its key.
/// </summary>
internal sealed record Ruling(
    Verdict Verdict, bool IsPolicyLog, bool OnlyRotates, long End, long Last);
