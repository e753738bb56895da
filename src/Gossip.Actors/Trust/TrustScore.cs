using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>A way of two steps: who looks trusts someone, who trusts the subject.</summary>
public sealed record TrustPath(TrustEdge First, TrustEdge Second)
{
    public Did Through => First.To;

    /// <summary>Trillionths: both weights, multiplied.</summary>
    internal long Product => (long)First.Weight.Millionths * Second.Weight.Millionths;
}

/// <summary>
/// How far is a subject trusted from a viewpoint, and why? 0.7 × what the viewpoint itself says,
/// and 0.3 × the mean, over those whom it trusts and who trust the subject, of both weights
/// multiplied. Without a direct edge the first part is 0, without such intermediaries the second.
/// <paramref name="Arithmetic"/> is the calculation in figures, for people.
/// </summary>
public sealed record TrustScore(
    Did Viewpoint,
    Did Subject,
    Score Score,
    TrustEdge? Direct,
    ImmutableArray<TrustPath> Paths,
    string Arithmetic)
{
    /// <summary>Terms written out; a mean over hundreds is not read.</summary>
    private const int TermsMax = 8;

    internal static TrustScore Of(
        Did viewpoint, Did subject, TrustEdge? direct, ImmutableArray<TrustPath> paths)
    {
        var score = Compute(
            direct?.Weight ?? default, paths.Sum(path => path.Product), paths.Length);
        return new(viewpoint, subject, score, direct, paths, Explain(direct, paths, score));
    }

    /// <summary>Of oneself: nobody's word counts, not even one's own.</summary>
    internal static TrustScore OfSelf(Did self) =>
        new(self, self, Score.One, null, [], "1 (a viewpoint trusts itself)");

    /// <summary>
    /// From the sum over all paths of both weights multiplied, in trillionths. Tenths of weights
    /// that are millionths: everything is a whole number until the last division.
    /// </summary>
    internal static Score Compute(Weight direct, long products, int paths) =>
        Score.OfTrillionths(paths == 0
            ? 700_000L * direct.Millionths
            : ((7_000_000L * direct.Millionths * paths) + (3 * products)) / (10L * paths));

    private static string Explain(
        TrustEdge? direct, ImmutableArray<TrustPath> paths, Score score)
    {
        var terms = string.Join(
            " + ",
            paths.Take(TermsMax).Select(p => $"{p.First.Weight} × {p.Second.Weight}"));
        var more = paths.Length > TermsMax ? $" + … {paths.Length - TermsMax} more" : "";
        var mean = paths.Length == 0 ? "0" : $"({terms}{more}) / {paths.Length}";
        return $"0.7 × {direct?.Weight.ToString() ?? "0"} + 0.3 × {mean} = {score}";
    }
}
