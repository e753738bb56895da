using System.Globalization;

namespace Gossip.Actors.Trust;

/// <summary>
/// How far does one identity trust another, in its own words? 0 to 1 in whole millionths, so that
/// every node computes with the same number. 0 withdraws.
/// </summary>
public readonly record struct Weight : IComparable<Weight>
{
    /// <summary>Millionths of full trust.</summary>
    public const int One = 1_000_000;

    private Weight(int millionths) => Millionths = millionths;

    public static Weight Withdrawn => default;

    public int Millionths { get; }

    public bool IsWithdrawn => Millionths == 0;

    public double Value => Millionths / (double)One;

    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 1,000,000.</exception>
    public static Weight OfMillionths(int millionths) => millionths is >= 0 and <= One
        ? new(millionths)
        : throw new ArgumentOutOfRangeException(
            nameof(millionths), millionths, $"A weight is 0 to {One} millionths.");

    /// <summary>
    /// False when it is no number from 0 to 1, or so small that it would round to a withdrawal.
    /// </summary>
    public static bool TryOf(double value, out Weight weight)
    {
        var millionths = Math.Round(value * One);
        weight = value is >= 0 and <= 1 ? new((int)millionths) : default;
        return value is >= 0 and <= 1 && (value == 0 || !weight.IsWithdrawn);
    }

    public int CompareTo(Weight other) => Millionths.CompareTo(other.Millionths);

    public override string ToString() =>
        Value.ToString("0.######", CultureInfo.InvariantCulture);
}
