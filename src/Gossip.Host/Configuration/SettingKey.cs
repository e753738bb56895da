using Gossip.Host.Configuration.Hocon;

namespace Gossip.Host.Configuration;

/// <summary>One key: where it stands, what it may be, and what it sets.</summary>
/// <param name="Path">From the root, with dots.</param>
/// <param name="Expected">What it may be, with the range.</param>
/// <param name="IsList">Whether a variable's commas separate elements.</param>
/// <param name="IsNullable">Whether a variable or a flag may say none.</param>
/// <param name="Set">Throws a <see cref="HoconException"/> that names the key.</param>
/// <param name="Show">The value in force, as a file would say it.</param>
/// <param name="Reset">The first settings, with this key as in the second.</param>
internal sealed record SettingKey(
    string Path,
    string Expected,
    bool IsList,
    bool IsNullable,
    Func<Settings, HoconValue, Settings> Set,
    Func<Settings, string> Show,
    Func<Settings, Settings, Settings> Reset)
{
    public string LastWord => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>gossip.times.round-interval: GOSSIP_TIMES_ROUND_INTERVAL.</summary>
    public string Variable => Path.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    public static SettingKey Of<T>(
        string path, SettingType<T> type,
        Func<Settings, T> get, Func<Settings, T, Settings> set) => new(
        $"gossip.{path}",
        type.Expected,
        type.IsList,
        type.IsNullable,
        (settings, value) =>
        {
            try
            {
                return set(settings, type.Read(value));
            }
            catch (HoconException e)
            {
                throw new HoconException(e.Place,
                    $"gossip.{path}: expected {type.Expected}; {e.Message}.");
            }
        },
        settings => type.Show(get(settings)),
        (settings, other) => set(settings, get(other)));
}
