using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How far one identity is trusted, and why: its score at a time, when its ban ends, and the last
/// things that it did. Times are Unix milliseconds.
/// </summary>
public sealed record PeerReputation(
    Standing Standing,
    double Score,
    long ScoredAt,
    long? BannedUntil,
    ImmutableArray<PeerReason> Reasons)
{
    public static readonly PeerReputation Unknown = new(Standing.Good, 0, 0, null, []);

    /// <summary>Why the operator blocked it; null when it is not blocked.</summary>
    public string? Blocked { get; init; }

    /// <summary>No link with it.</summary>
    public bool IsBarred => Standing is Standing.Banned or Standing.Blocked;

    /// <summary>The same, with the score that is left at another time.</summary>
    public PeerReputation At(long unixMilliseconds, TimeSpan halfLife)
    {
        var passed = TimeSpan.FromMilliseconds(Math.Max(0, unixMilliseconds - ScoredAt));
        return this with
        {
            Score = Score * Math.Pow(0.5, passed / halfLife),
            ScoredAt = unixMilliseconds,
        };
    }

    /// <summary>In words, why there is no link with it.</summary>
    public string BarReason => Blocked is { } why
        ? $"blocked by the operator: {why}"
        : $"banned for a time: {Reasons.LastOrDefault()?.ToString() ?? "no reason is left"}";
}

/// <summary>
/// One thing that a peer did, and the evidence. The kind is null for a ban that an earlier process
/// of this node imposed: its evidence is then the reason that was kept.
/// </summary>
public sealed record PeerReason(Misconduct? Kind, long Time, string Evidence)
{
    public override string ToString() => Kind is null ? Evidence : $"{Words}: {Evidence}";

    private string Words => Kind switch
    {
        Misconduct.SignatureWrong => "a wrong signature of its own",
        Misconduct.ProtocolAbuse => "abuse of the protocol",
        Misconduct.PromiseBroken => "a broken promise",
        _ => "a flood",
    };
}
