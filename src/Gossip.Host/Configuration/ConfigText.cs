namespace Gossip.Host.Configuration;

/// <summary>A position in a text, moved forwards only.</summary>
internal sealed class ConfigText(string text)
{
    public const char End = '\0';

    private int _index;
    private int _line = 1;
    private int _lineStart;

    public Place Place => new(_line, _index - _lineStart + 1);

    public bool IsAtEnd => _index == text.Length;

    public char Current => IsAtEnd ? End : text[_index];

    public bool StartsWith(string expected) =>
        string.CompareOrdinal(text, _index, expected, 0, expected.Length) == 0;

    public bool IsAtComment => Current == '#' || StartsWith("//");

    public char Take()
    {
        var taken = Current;
        if (taken == '\n')
        {
            _line++;
            _lineStart = _index + 1;
        }

        _index += IsAtEnd ? 0 : 1;
        return taken;
    }

    public void SkipSpaces()
    {
        while (Current is ' ' or '\t' or '\r')
        {
            Take();
        }
    }

    public void SkipLine()
    {
        while (!IsAtEnd && Current != '\n')
        {
            Take();
        }
    }

    /// <summary>Spaces, line ends, commas and comments: what stands between two settings.</summary>
    public void SkipBetween()
    {
        while (!IsAtEnd)
        {
            if (IsAtComment)
            {
                SkipLine();
            }
            else if (char.IsWhiteSpace(Current) || Current == ',')
            {
                Take();
            }
            else
            {
                return;
            }
        }
    }
}
