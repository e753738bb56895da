using System.Text;

namespace Gossip.Host.Api;

/// <summary>
/// Is there a word in this JSON that no parser takes? Theirs complain with all that follows it,
/// several times over: megabytes, about a word.
/// </summary>
internal static class JsonWords
{
    /// <summary>Names that mean something are shorter; so is a header's.</summary>
    private const int NameBytesMax = 256;

    private const int ShownMax = 20;

    /// <summary>Null when there is none; whether it is JSON is another question.</summary>
    public static string? Odd(ReadOnlySpan<byte> json)
    {
        for (var at = 0; at < json.Length;)
        {
            if (json[at] == '"')
            {
                var end = EndOfText(json, at);
                if (end - at > NameBytesMax && IsName(json[end..]))
                {
                    return $"a name of {end - at} bytes; at most {NameBytesMax}";
                }

                at = end;
            }
            else if (char.IsAsciiLetter((char)json[at]))
            {
                var end = EndOfWord(json, at);
                if (!IsKnown(json[at..end]) && !IsPower(json, at, end))
                {
                    return $"'{Encoding.ASCII.GetString(json[at..Math.Min(end, at + ShownMax)])}' "
                        + "stands outside quotes";
                }

                at = end;
            }
            else
            {
                at++;
            }
        }

        return null;
    }

    /// <summary>After its closing quote, or all there is.</summary>
    private static int EndOfText(ReadOnlySpan<byte> json, int at)
    {
        for (at++; at < json.Length && json[at] != '"'; at++)
        {
            at += json[at] == '\\' ? 1 : 0;
        }

        return Math.Min(at + 1, json.Length);
    }

    private static int EndOfWord(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && char.IsAsciiLetter((char)json[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsName(ReadOnlySpan<byte> after) =>
        after.TrimStart(" \r\n\t"u8) is [(byte)':', ..];

    private static bool IsKnown(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8)
        || word.SequenceEqual("null"u8);

    /// <summary>The e in 1e5.</summary>
    private static bool IsPower(ReadOnlySpan<byte> json, int at, int end) =>
        end == at + 1 && at > 0 && char.IsAsciiDigit((char)json[at - 1])
        && json[at] is (byte)'e' or (byte)'E';
}
