using System.Globalization;

namespace Gossip.Simulation.Scripts;

/// <summary>A line of a script that cannot be understood.</summary>
public sealed class ScriptException(string message) : FormatException(message);

/// <summary>One line of a script, word by word; quotes hold a word together.</summary>
public sealed class Words
{
    private readonly List<string> _words;
    private readonly string _line;
    private int _next;

    public Words(string line)
    {
        _line = line;
        _words = [.. Split(line)];
    }

    public bool IsDone => _next >= _words.Count;

    public string? Peek => IsDone ? null : _words[_next];

    public string Next() => IsDone ? throw Wrong("something is missing") : _words[_next++];

    /// <summary>Takes this word if it comes next.</summary>
    public bool Take(string word)
    {
        if (Peek != word)
        {
            return false;
        }

        _next++;
        return true;
    }

    public int Number()
    {
        var word = Next();
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"'{word}' is no number");
    }

    public List<int> Numbers()
    {
        var numbers = new List<int>();
        while (Peek is { } word && char.IsAsciiDigit(word[0]))
        {
            numbers.Add(Number());
        }

        return numbers;
    }

    public TimeSpan Time() => TimeOf(Next());

    /// <summary>What stands after "for"; null when nothing does.</summary>
    public TimeSpan? For() => Take("for") ? Time() : null;

    /// <summary>The rest, as name=value.</summary>
    public IEnumerable<(string Name, string Value)> Pairs()
    {
        while (!IsDone)
        {
            var word = Next();
            var at = word.IndexOf('=', StringComparison.Ordinal);
            yield return at > 0
                ? (word[..at], word[(at + 1)..])
                : throw Wrong($"'{word}' is not name=value");
        }
    }

    public void End()
    {
        if (!IsDone)
        {
            throw Wrong($"'{Peek}' was not expected");
        }
    }

    public ScriptException Wrong(string reason) => new($"{reason}: {_line}");

    public double RealOf(string word) =>
        double.TryParse(word, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"'{word}' is no number");

    /// <summary>12ms, 1.5s, -2h, 3d.</summary>
    public TimeSpan TimeOf(string word)
    {
        var unit = word.TrimStart('-', '+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var amount = RealOf(word[..^unit.Length]);
        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" => TimeSpan.FromMinutes(amount),
            "h" => TimeSpan.FromHours(amount),
            "d" => TimeSpan.FromDays(amount),
            _ => throw Wrong($"'{word}' is no time: expected ms, s, m, h or d"),
        };
    }

    private static IEnumerable<string> Split(string line)
    {
        for (var at = 0; at < line.Length;)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            var isQuoted = line[at] == '"';
            var end = line.IndexOf(isQuoted ? '"' : ' ', at + 1);
            end = end < 0 ? line.Length : end;
            yield return isQuoted ? line[(at + 1)..end] : line[at..end];
            at = isQuoted ? end + 1 : end;
        }
    }
}
