using System.Globalization;

namespace Gossip.Host.Configuration;

/// <summary>How long, how many bytes? The specification's units, read and written.</summary>
internal static class Units
{
    private const decimal TicksPerMillisecond = TimeSpan.TicksPerMillisecond;

    private static readonly (string Names, decimal Ticks)[] Durations =
    [
        ("d day days", 86_400_000 * TicksPerMillisecond),
        ("h hour hours", 3_600_000 * TicksPerMillisecond),
        ("m minute minutes", 60_000 * TicksPerMillisecond),
        ("s second seconds", 1_000 * TicksPerMillisecond),
        ("ms milli millis millisecond milliseconds", TicksPerMillisecond),
        ("us micro micros microsecond microseconds", TicksPerMillisecond / 1_000),
        ("ns nano nanos nanosecond nanoseconds", TicksPerMillisecond / 1_000_000),
    ];

    private static readonly (string Names, decimal Bytes)[] Sizes =
    [
        ("GiB Gi G g gibibyte gibibytes", 1024 * 1024 * 1024),
        ("MiB Mi M m mebibyte mebibytes", 1024 * 1024),
        ("KiB Ki K k kibibyte kibibytes", 1024),
        ("B b byte bytes", 1),
        ("TiB Ti T t tebibyte tebibytes", 1024L * 1024 * 1024 * 1024),
        ("PiB Pi P p pebibyte pebibytes", 1024L * 1024 * 1024 * 1024 * 1024),
        ("kB kilobyte kilobytes", 1_000),
        ("MB megabyte megabytes", 1_000_000),
        ("GB gigabyte gigabytes", 1_000_000_000),
        ("TB terabyte terabytes", 1_000_000_000_000),
        ("PB petabyte petabytes", 1_000_000_000_000_000),
    ];

    /// <summary>A number alone is milliseconds.</summary>
    /// <exception cref="FormatException">Says what was found.</exception>
    public static TimeSpan Duration(string text)
    {
        var ticks = Amount(text, "ms", Durations, "time: ns, us, ms, s, m, h or d");
        return ticks <= TimeSpan.MaxValue.Ticks
            ? TimeSpan.FromTicks((long)ticks)
            : throw new FormatException($"'{text}' is longer than all time");
    }

    /// <summary>A number alone is bytes.</summary>
    /// <exception cref="FormatException">Says what was found.</exception>
    public static long Bytes(string text)
    {
        var bytes = Amount(text, "B", Sizes, "size: B, KiB, MiB, GiB, kB, MB or GB");
        return bytes <= long.MaxValue && bytes == decimal.Truncate(bytes)
            ? (long)bytes
            : throw new FormatException($"'{text}' is no number of whole bytes");
    }

    public static string Show(TimeSpan time) => Show(time.Ticks, Durations[1..]);

    public static string Show(long bytes) => Show(bytes, Sizes[..4]);

    private static string Show(decimal amount, (string Names, decimal Factor)[] units)
    {
        var (names, factor) = Array.Find(units, unit => amount % unit.Factor == 0);
        return amount == 0 || names.StartsWith("B ", StringComparison.Ordinal)
            ? amount.ToString("0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture,
                $"{amount / factor:0} {names.Split(' ')[0]}");
    }

    private static decimal Amount(
        string text, string unitIfNone, (string Names, decimal Factor)[] units, string known)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number))
        {
            throw new FormatException($"'{text}' does not begin with a number");
        }

        var name = trimmed[digits..].Trim();
        var (names, factor) = Array.Find(units, unit =>
            unit.Names.Split(' ').Contains(name.Length > 0 ? name : unitIfNone));
        if (names is null)
        {
            throw new FormatException($"'{name}' is no unit of {known}");
        }

        // Far beyond every limit, and far below what overflows.
        return Math.Min(number, 1_000_000_000_000m) * factor;
    }
}
