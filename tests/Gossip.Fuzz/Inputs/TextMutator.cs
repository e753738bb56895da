using System.Text;

namespace Gossip.Fuzz.Inputs;

/// <summary>
/// Changes a text word by word: words are taken out, doubled, exchanged, put in from a list of
/// those that mean something, and nested. Some inputs are then changed byte by byte as well.
/// </summary>
internal sealed class TextMutator(params string[] words)
{
    private const int StepsMax = 5;
    private const int RepeatsMax = 300;

    // Texts that no decoder should stumble over.
    private static readonly string[] Odd =
        ["", " ", "\0", "\t", "\r\n", "\ufeff", "é", "😀", "\u202e", "-1", "0", "007", "1e999",
            "9223372036854775808", "4294967296", "1.0", "null", "true", "%2F", "%00", "\\u0000"];

    public byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        if (random.Next(5) == 0)
        {
            return Havoc.Mutate(input, other, random);
        }

        // Latin-1 keeps every byte, whether it is UTF-8 or not.
        var text = Words(Encoding.Latin1.GetString(input));
        var from = Words(Encoding.Latin1.GetString(other));
        for (var steps = random.Next(1, StepsMax + 1); steps > 0; steps--)
        {
            Step(text, from, random);
        }

        var bytes = Encoding.Latin1.GetBytes(string.Concat(text));
        return random.Next(10) == 0 ? Havoc.Mutate(bytes, other, random) : bytes;
    }

    private void Step(List<string> text, List<string> other, Random random)
    {
        var at = random.Next(text.Count + 1);
        var isAny = at < text.Count;
        switch (random.Next(8))
        {
            case 0 when isAny:
                text.RemoveAt(at);
                break;
            case 1 when isAny:
                text[at] = Word(random);
                break;
            case 2 when isAny:
                var to = random.Next(text.Count);
                (text[at], text[to]) = (text[to], text[at]);
                break;
            case 3 when isAny:
                var length = Math.Min(random.Next(1, 9), text.Count - at);
                var times = random.Next(60) == 0 ? random.Next(RepeatsMax) : random.Next(1, 4);
                var part = text[at..(at + length)];
                text.InsertRange(at, Enumerable.Repeat(part, times).SelectMany(p => p));
                break;
            case 4 when other.Count > 0:
                var start = random.Next(other.Count);
                var count = Math.Min(random.Next(1, 30), other.Count - start);
                text.InsertRange(at, other[start..(start + count)]);
                break;
            case 5 when isAny:
                text.RemoveRange(at, Math.Min(random.Next(1, 20), text.Count - at));
                break;
            default:
                text.Insert(at, Word(random));
                break;
        }
    }

    private string Word(Random random) => random.Next(6) == 0 || words.Length == 0
        ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]))
        : words[random.Next(words.Length)];

    /// <summary>Letters and digits side by side, or one other character.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (int at = 0, end; at < text.Length; at = end)
        {
            end = at + 1;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end - 1])
                && char.IsAsciiLetterOrDigit(text[end]))
            {
                end++;
            }

            words.Add(text[at..end]);
        }

        return words;
    }
}
