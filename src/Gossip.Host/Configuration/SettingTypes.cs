using System.Globalization;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Host.Configuration.Hocon;
using Gossip.Host.Node;

namespace Gossip.Host.Configuration;

/// <summary>The kinds of settings there are.</summary>
internal static class SettingTypes
{
    public static readonly SettingType<bool> Switch = Of(
        "true or false",
        text => text switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => throw new FormatException($"found '{text}'"),
        },
        value => value ? "true" : "false");

    public static readonly SettingType<TrustMode> TrustSwitch = Of(
        "auto, true or false",
        text => text switch
        {
            "auto" => TrustMode.Auto,
            "true" or "yes" or "on" => TrustMode.On,
            "false" or "no" or "off" => TrustMode.Off,
            _ => throw new FormatException($"found '{text}'"),
        },
        mode => mode switch
        {
            TrustMode.On => "true",
            TrustMode.Off => "false",
            _ => "auto",
        });

    public static readonly SettingType<double> Fraction = Of(
        "a score, 0 to 1",
        text => double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score)
            && score is >= 0 and <= 1
                ? score
                : throw new FormatException($"found '{text}'"),
        value => value.ToString(CultureInfo.InvariantCulture));

    public static readonly SettingType<string> Address = Of(
        "an address \"HOST:PORT\", port 0 to 65535",
        text => text.LastIndexOf(':') is > 0 and var colon
            && !text.Any(char.IsWhiteSpace)
            && ushort.TryParse(text.AsSpan(colon + 1), out _)
                ? text
                : throw new FormatException($"found '{text}'"),
        Quote);

    public static readonly SettingType<string> OwnAddress = Of(
        "an address of this machine \"127.0.0.1:PORT\", port 0 to 65535",
        text => ApiAddress.Parse(text, out var reason) is null
            ? throw new FormatException(reason.TrimEnd('.'))
            : text,
        Quote);

    public static readonly SettingType<string> Folder = Of(
        "a directory",
        text => text.Length > 0 ? text : throw new FormatException("found nothing"),
        Quote);

    public static readonly SettingType<string> FileName = Of(
        "a file",
        text => text.Length > 0 ? text : throw new FormatException("found nothing"),
        Quote);

    public static readonly SettingType<string> HostName = Of(
        "a name \"node.example.org\", or an address without a port",
        text => Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal)
            ? text[2..]
            : text) != UriHostNameType.Unknown
                ? text
                : throw new FormatException($"found '{text}'"),
        Quote);

    public static readonly SettingType<LogLevel> Level = Of(
        "trace, debug, info, warn or error",
        text => Levels.FirstOrDefault(level => level.Name == text) is { Name: not null } level
            ? level.Level
            : throw new FormatException($"found '{text}'"),
        value => Levels.First(level => level.Level == value).Name);

    public static readonly SettingType<TopicRef> Topic = Of(
        "the name of a topic, or label@owner/id",
        text => TopicRef.TryParse(text, out var topic, out var reason)
            ? topic
            : throw new FormatException(reason.TrimEnd('.')),
        topic => Quote(topic.ToString()));

    public static readonly SettingType<ActorSource> Actor = Of(
        $"a topic actor \"{ActorSource.Form}\"",
        text => ActorSource.Parse(text, out var reason)
            ?? throw new FormatException(reason.TrimEnd('.')),
        actor => Quote(actor.ToString()));

    private static (string Name, LogLevel Level)[] Levels =>
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information),
        ("warn", LogLevel.Warning), ("error", LogLevel.Error),
    ];

    /// <summary>One of the words that an enumeration names.</summary>
    public static SettingType<T> Word<T>()
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(v => v.ToString().ToLowerInvariant());
        return Of(
            string.Join(" or ", words.Keys),
            text => words.TryGetValue(text, out var value)
                ? value
                : throw new FormatException($"found '{text}'"),
            value => value.ToString().ToLowerInvariant());
    }

    public static SettingType<string> Name(int bytesMax) => Of(
        $"a name of 1 to {bytesMax} bytes",
        text => Encoding.UTF8.GetByteCount(text) is var bytes && bytes >= 1 && bytes <= bytesMax
            ? text
            : throw new FormatException($"found {bytes} bytes"),
        Quote);

    public static SettingType<TimeSpan> Duration(TimeSpan min, TimeSpan max) => Of(
        $"a duration from {Units.Show(min)} to {Units.Show(max)}",
        text => Units.Duration(text) is var time && time >= min && time <= max
            ? time
            : throw new FormatException($"found {text}"),
        Units.Show);

    public static SettingType<int> Bytes(int min, int max) => Of(
        $"a size from {Units.Show(min)} to {Units.Show(max)}",
        text => Units.Bytes(text) is var bytes && bytes >= min && bytes <= max
            ? (int)bytes
            : throw new FormatException($"found {text}"),
        value => Units.Show(value));

    public static SettingType<long> Bytes(long min, long max) => Of(
        $"a size from {Units.Show(min)} to {Units.Show(max)}",
        text => Units.Bytes(text) is var bytes && bytes >= min && bytes <= max
            ? bytes
            : throw new FormatException($"found {text}"),
        Units.Show);

    public static SettingType<int> Count(int min, int max) => Of(
        $"a whole number from {min} to {max}",
        text => int.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count >= min && count <= max
                ? count
                : throw new FormatException($"found '{text}'"),
        value => value.ToString(CultureInfo.InvariantCulture));

    public static SettingType<IReadOnlyList<T>> ListOf<T>(SettingType<T> element) => new(
        $"a list, [ …, … ]; each element {element.Expected}",
        value => [.. Elements(value).Select(element.Read)],
        values => $"[{string.Join(", ", values.Select(element.Show))}]")
    {
        IsList = true,
    };

    /// <summary>Counted before any is read: a substitution brings forth many for nothing.</summary>
    private static IReadOnlyList<HoconValue> Elements(HoconValue value)
    {
        var elements = value switch
        {
            HoconValue.List list => list.Items,
            HoconValue.Object level when Joining.Numbered(level.Fields) is { } fields =>
                [.. fields.Select(field => field.Value)],
            _ => throw new HoconException(value.Place, $"found {Found(value)}"),
        };
        return elements.Count <= HoconLimits.ElementsMax
            ? elements
            : throw new HoconException(value.Place,
                $"found {elements.Count} elements; at most {HoconLimits.ElementsMax}");
    }

    private static SettingType<T> Of<T>(
        string expected, Func<string, T> parse, Func<T, string> show) => new(
        expected,
        value =>
        {
            if (value is not HoconValue.Scalar { IsNull: false, Text: var text })
            {
                throw new HoconException(value.Place, $"found {Found(value)}");
            }

            try
            {
                return parse(text);
            }
            catch (FormatException e)
            {
                throw new HoconException(value.Place, e.Message);
            }
        },
        show);

    private static string Found(HoconValue value) => value switch
    {
        HoconValue.List => "a list",
        HoconValue.Object => "an object { … }",
        HoconValue.Scalar scalar => scalar.Text,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>As JSON would; names and addresses need no more.</summary>
    private static string Quote(string text) =>
        $"\"{string.Concat(text.Select(c => c switch
        {
            '"' or '\\' => $"\\{c}",
            < ' ' => $"\\u{(int)c:x4}",
            _ => $"{c}",
        }))}\"";
}
