using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>
/// Who may be in a topic that trust gates?
/// </summary>
/// <param name="MinTrust">Exactly this is enough.</param>
/// <param name="Hysteresis">
/// A member stays until its score is so much below: against scores that flicker. 0: no such grace.
/// Whom nobody trusts any more goes at once.
/// </param>
/// <param name="MembersMax">
/// The most trusted come first; further ones wait. Each admission is an entry that stays for ever.
/// </param>
public sealed record GateRules(Score MinTrust, Score Hysteresis = default, int MembersMax = 4096)
{
    /// <summary>What a member needs to stay.</summary>
    public Score StayTrust =>
        Score.OfTrillionths(Math.Max(0, MinTrust.Trillionths - Hysteresis.Trillionths));
}

/// <summary>
/// Someone who is in. Whoever is in by other rights than trust (the owner, a delegate, a guest of
/// the owner) stays whatever the score.
/// </summary>
public sealed record GateMember(Did Who, bool IsByTrust = true);

/// <summary>Whom to admit, the most trusted first; whom to close, by DID.</summary>
public sealed record GateDecision(ImmutableArray<Did> Admit, ImmutableArray<GateMember> Close)
{
    public bool IsNothing => Admit.IsEmpty && Close.IsEmpty;
}

/// <summary>Whom does a topic's gate let in, and whom does it close out?</summary>
public static class Gate
{
    /// <param name="rules">The topic's.</param>
    /// <param name="members">Everyone who is in now.</param>
    /// <param name="ranked">
    /// Scores from the owner's viewpoint; whoever is missing here has none.
    /// </param>
    public static GateDecision Decide(
        GateRules rules, IEnumerable<GateMember> members, IEnumerable<Ranked> ranked)
    {
        var scores = ranked.DistinctBy(r => r.Subject).ToDictionary(r => r.Subject, r => r.Score);
        var all = members.ToArray();
        GateMember[] close =
        [
            .. all.Where(m => m.IsByTrust
                    && scores.GetValueOrDefault(m.Who) is var score
                    && (score < rules.StayTrust || score == Score.Zero))
                .OrderBy(m => m.Who),
        ];
        var isIn = all.Select(m => m.Who).ToHashSet();
        var room = rules.MembersMax - (all.Count(m => m.IsByTrust) - close.Length);
        return new(
            [
                .. scores.Where(s => s.Value >= rules.MinTrust
                        && s.Value > Score.Zero
                        && !isIn.Contains(s.Key))
                    .OrderByDescending(s => s.Value)
                    .ThenBy(s => s.Key)
                    .Take(Math.Max(0, room))
                    .Select(s => s.Key),
            ],
            [.. close]);
    }
}
