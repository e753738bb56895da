using System.Globalization;

namespace Gossip.Actors.Trust;

/// <summary>
/// How far is someone trusted from a viewpoint? 0 to 1 in whole trillionths, rounded down: a score
/// reaches a threshold here exactly when it does in arithmetic, on every node.
/// </summary>
public readonly record struct Score : IComparable<Score>
{
    /// <summary>Trillionths of full trust.</summary>
    public const long Full = 1_000_000_000_000;

    private Score(long trillionths) => Trillionths = trillionths;

    public static Score Zero => default;

    public static Score One => new(Full);

    public long Trillionths { get; }

    public double Value => Trillionths / (double)Full;

    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 10^12.</exception>
    public static Score OfTrillionths(long trillionths) => trillionths is >= 0 and <= Full
        ? new(trillionths)
        : throw new ArgumentOutOfRangeException(
            nameof(trillionths), trillionths, $"A score is 0 to {Full} trillionths.");

    /// <summary>The nearest score to a number, so that 0.4 is 0.4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No number from 0 to 1.</exception>
    public static Score Of(double value) => value is >= 0 and <= 1
        ? new((long)Math.Round(value * Full))
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A score is 0 to 1.");

    public int CompareTo(Score other) => Trillionths.CompareTo(other.Trillionths);

    public static bool operator <(Score left, Score right) => left.CompareTo(right) < 0;

    public static bool operator >(Score left, Score right) => left.CompareTo(right) > 0;

    public static bool operator <=(Score left, Score right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Score left, Score right) => left.CompareTo(right) >= 0;

    public override string ToString() =>
        (Trillionths / (decimal)Full).ToString("0.############", CultureInfo.InvariantCulture);
}
