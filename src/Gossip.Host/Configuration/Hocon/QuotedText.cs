using System.Globalization;
using System.Text;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What does a string in quotes say? JSON's rules; three quotes take all as it is.
/// </summary>
internal static class QuotedText
{
    private const string TripleQuote = "\"\"\"";

    public static string Read(HoconText text) =>
        text.StartsWith(TripleQuote) ? ReadTriple(text) : ReadSingle(text);

    private static string ReadSingle(HoconText text)
    {
        var place = text.Place;
        text.Take();
        var quoted = new StringBuilder();
        while (text.Current != '"')
        {
            if (text.IsAtEnd || text.Current == '\n')
            {
                throw new HoconException(place,
                    "This string is not closed in its line; add '\"', or use \"\"\" for several.");
            }

            if (char.IsControl(text.Current) && text.Current < ' ')
            {
                throw new HoconException(text.Place,
                    $"A control character (U+{(int)text.Current:X4}) inside quotes; write it as "
                    + $"\\u{(int)text.Current:x4}.");
            }

            quoted.Append(text.Current == '\\' ? ReadEscape(text) : text.Take());
        }

        text.Take();
        return quoted.ToString();
    }

    /// <summary>More than three quotes at the end: the last three close.</summary>
    private static string ReadTriple(HoconText text)
    {
        var place = text.Place;
        text.Take(TripleQuote.Length);
        var start = text.Index;
        while (!text.StartsWith(TripleQuote))
        {
            if (text.IsAtEnd)
            {
                throw new HoconException(place,
                    "This string is never closed; add \"\"\" where it ends.");
            }

            text.Take();
        }

        while (text.StartsWith(TripleQuote))
        {
            text.Take();
        }

        var taken = text.Since(start);
        text.Take(TripleQuote.Length - 1);
        return taken[..^1];
    }

    private static char ReadEscape(HoconText text)
    {
        var place = text.Place;
        text.Take();
        return text.Take() switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' when ReadHex(text) is { } code => (char)code,
            _ => throw new HoconException(place,
                "Unknown escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX."),
        };
    }

    private static int? ReadHex(HoconText text)
    {
        for (var i = 0; i < 4; i++)
        {
            if (!char.IsAsciiHexDigit(text.Peek(i)))
            {
                return null;
            }
        }

        return int.Parse(
            text.Take(4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
