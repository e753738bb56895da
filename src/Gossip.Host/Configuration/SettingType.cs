using Gossip.Host.Configuration.Hocon;

namespace Gossip.Host.Configuration;

/// <summary>
/// What may a setting be? Expected is told whenever it is something else.
/// </summary>
/// <param name="Expected">With the range: "a duration from 1 ms to 1 h".</param>
/// <param name="Read">Throws a <see cref="HoconException"/> that says what was found.</param>
/// <param name="Show">As a file would say it.</param>
internal sealed record SettingType<T>(
    string Expected, Func<HoconValue, T> Read, Func<T, string> Show)
{
    /// <summary>Whether a variable's commas separate elements.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether a variable or a flag may say none.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Null is allowed, and means what <paramref name="meaning"/> says.</summary>
    public SettingType<T?> OrNull(string meaning) => new(
        $"{Expected}, or null: {meaning}",
        value => value is HoconValue.Scalar { IsNull: true } ? default : Read(value),
        value => value is null ? "null" : Show(value))
    {
        IsNullable = true,
    };
}
