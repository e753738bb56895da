using System.Globalization;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>A position in a text, moved forwards only.</summary>
internal sealed class HoconText(HoconSource source, string text)
{
    private int _line = 1;
    private int _lineStart;

    public int Index { get; private set; }

    public Place Place => new(source, _line, Index - _lineStart + 1);

    public bool IsAtEnd => Index == text.Length;

    /// <summary>NUL at the end, where nothing that asks for a certain character minds.</summary>
    public char Current => IsAtEnd ? '\0' : text[Index];

    public bool IsAtComment => Current == '#' || StartsWith("//");

    /// <summary>Of the specification: Unicode separators, the BOM, and ASCII's.</summary>
    public bool IsAtSpace => !IsAtEnd && Current != '\n' && (
        Current is '\t' or '\v' or '\f' or '\r' or '\uFEFF' or (>= '\x1c' and <= '\x1f')
        || char.GetUnicodeCategory(Current) is UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    public bool StartsWith(string expected) =>
        string.CompareOrdinal(text, Index, expected, 0, expected.Length) == 0;

    public string Since(int start) => text[start..Index];

    public char Peek(int ahead) => Index + ahead < text.Length ? text[Index + ahead] : '\0';

    public char Take()
    {
        var taken = Current;
        if (taken == '\n' && !IsAtEnd)
        {
            _line++;
            _lineStart = Index + 1;
        }

        Index += IsAtEnd ? 0 : 1;
        return taken;
    }

    public string Take(int count)
    {
        var start = Index;
        while (count-- > 0)
        {
            Take();
        }

        return Since(start);
    }

    public void SkipLine()
    {
        while (!IsAtEnd && Current != '\n')
        {
            Take();
        }
    }
}
