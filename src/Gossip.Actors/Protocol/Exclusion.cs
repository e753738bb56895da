namespace Gossip.Actors.Protocol;

/// <summary>Who keeps an identity out?</summary>
public enum ExclusionKind
{
    /// <summary>The node itself, for a time: something was proven.</summary>
    Ban = 1,

    /// <summary>Its operator, until the operator lifts it.</summary>
    Block = 2,
}

/// <summary>
/// What of an identity outlives a restart. Scores do not: they are suspicions of one process, and
/// our own restart may be what gave rise to them. Times are Unix milliseconds.
/// </summary>
public sealed record Exclusion(Did Did, ExclusionKind Kind, string Reason, long Since, long? Until);
