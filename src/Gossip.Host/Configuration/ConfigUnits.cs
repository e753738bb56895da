using System.Globalization;

namespace Gossip.Host.Configuration;

/// <summary>
/// What do the words of a setting mean: how long, how many bytes, how many, yes or no?
/// </summary>
internal static class ConfigUnits
{
    public static TimeSpan Duration(this ConfigValue value)
    {
        var (number, unit) = Split(value, "a duration, for example 20 ms, 1s, 5 minutes");
        var milliseconds = unit switch
        {
            "us" or "micros" or "microsecond" or "microseconds" => 0.001m,
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => 1m,
            "s" or "second" or "seconds" => 1_000m,
            "m" or "minute" or "minutes" => 60_000m,
            "h" or "hour" or "hours" => 3_600_000m,
            "d" or "day" or "days" => 86_400_000m,
            _ => throw new ConfigException(value.Place, unit.Length == 0
                ? "A duration needs a unit: us, ms, s, m, h or d."
                : $"'{unit}' is no unit of time; use us, ms, s, m, h or d."),
        };
        return Ticks(number, milliseconds) is { } ticks
            ? TimeSpan.FromTicks(ticks)
            : throw new ConfigException(value.Place, "This duration is too long.");
    }

    public static int Bytes(this ConfigValue value)
    {
        var (number, unit) = Split(value, "a size, for example 64 KiB, 4 MiB, 1048576");
        var factor = unit switch
        {
            "" or "B" or "b" or "byte" or "bytes" => 1m,
            "kB" => 1_000m,
            "MB" => 1_000_000m,
            "GB" => 1_000_000_000m,
            "K" or "k" or "Ki" or "KiB" => 1_024m,
            "M" or "m" or "Mi" or "MiB" => 1_048_576m,
            "G" or "g" or "Gi" or "GiB" => 1_073_741_824m,
            _ => throw new ConfigException(value.Place,
                $"'{unit}' is no unit of size; use B, KiB, MiB, GiB, kB, MB or GB."),
        };
        var bytes = Math.Min(number, int.MaxValue) * factor;
        return bytes <= int.MaxValue && bytes == decimal.Truncate(bytes)
            ? (int)bytes
            : throw new ConfigException(value.Place,
                $"Expected whole bytes, at most {int.MaxValue}.");
    }

    public static int Count(this ConfigValue value) =>
        value is ConfigValue.Scalar { Text: var text } && int.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new ConfigException(value.Place,
                $"Expected a whole number, at most {int.MaxValue}.");

    public static bool Switch(this ConfigValue value) => (value as ConfigValue.Scalar)?.Text switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw new ConfigException(value.Place, "Expected true or false."),
    };

    public static string Text(this ConfigValue value) =>
        value is ConfigValue.Scalar { IsNull: false, Text: var text }
            ? text
            : throw new ConfigException(value.Place, "Expected one text.");

    public static string? TextOrNull(this ConfigValue value) =>
        value is ConfigValue.Scalar { IsNull: true } ? null : value.Text();

    public static IReadOnlyList<ConfigValue.Scalar> List(this ConfigValue value) =>
        value is ConfigValue.List list
            ? list.Items
            : throw new ConfigException(value.Place, "Expected a list: [ …, … ].");

    private static long? Ticks(decimal number, decimal milliseconds)
    {
        // Far more than any option allows, and far below what overflows.
        var max = (decimal)TimeSpan.FromDays(365).Ticks;
        var ticks = Math.Min(number, max) * milliseconds * TimeSpan.TicksPerMillisecond;
        return ticks <= max ? (long)ticks : null;
    }

    private static (decimal Number, string Unit) Split(ConfigValue value, string expected)
    {
        if (value is ConfigValue.Scalar { Text: var text })
        {
            var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            if (decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var number))
            {
                return (number, text[digits..].Trim());
            }
        }

        throw new ConfigException(value.Place, $"Expected {expected}.");
    }
}
