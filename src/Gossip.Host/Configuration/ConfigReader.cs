using System.Globalization;
using System.Text;

namespace Gossip.Host.Configuration;

/// <summary>
/// What does a configuration file set? A strict part of HOCON: braces, dotted keys, <c>=</c> or
/// <c>:</c>, quoted and bare strings, lists of them, comments. The rest is refused by name. After
/// an error it goes on in the next line, so that all errors are told at once.
/// </summary>
internal sealed class ConfigReader
{
    // HOCON's own list: a bare string with one of these means something else there.
    private const string Reserved = "$\"{}[]:=,+`^?!@*&\\";

    private readonly ConfigText _text;
    private readonly List<ConfigEntry> _entries = [];
    private readonly List<ConfigException> _errors = [];
    private readonly Stack<(string Prefix, Place Place)> _open = new();

    private ConfigReader(string text) => _text = new(text);

    public static (IReadOnlyList<ConfigEntry> Entries, IReadOnlyList<ConfigException> Errors) Read(
        string text)
    {
        var reader = new ConfigReader(text);
        reader.ReadAll();
        return (reader._entries, reader._errors);
    }

    private void ReadAll()
    {
        for (_text.SkipBetween(); !_text.IsAtEnd; _text.SkipBetween())
        {
            try
            {
                ReadSetting();
            }
            catch (ConfigException e)
            {
                _errors.Add(e);
                _text.SkipLine();
            }
        }

        foreach (var (prefix, place) in _open)
        {
            _errors.Add(new(place, $"'{{' of '{prefix}' is never closed; add '}}'."));
        }
    }

    private void ReadSetting()
    {
        var place = _text.Place;
        if (_text.Current == '}')
        {
            _text.Take();
            if (!_open.TryPop(out _))
            {
                throw new ConfigException(place, "'}' closes nothing; remove it.");
            }

            return;
        }

        var path = ReadPath(place);
        _text.SkipSpaces();
        if (_text.Current is '=' or ':')
        {
            _text.Take();
            _text.SkipSpaces();
        }
        else if (_text.Current != '{')
        {
            throw new ConfigException(_text.Place,
                _text.StartsWith("+=")
                    ? "'+=' is not understood; write the whole list with '='."
                    : $"Expected '=', ':' or '{{' after '{path}'.");
        }

        if (_text.Current == '{')
        {
            _text.Take();
            _open.Push((path, place));
            return;
        }

        var value = ReadValue();
        ExpectEnd();
        _entries.Add(new(path, place, value));
    }

    private string ReadPath(Place place)
    {
        var path = new StringBuilder(_open.TryPeek(out var open) ? $"{open.Prefix}." : "");
        var start = path.Length;
        while (true)
        {
            var segment = _text.Current == '"' ? ReadQuoted() : ReadWord();
            path.Append(segment.Length > 0
                ? segment
                : throw new ConfigException(_text.Place,
                    $"Expected a key of letters, digits and '-', not {Shown(_text.Current)}."));
            if (path.ToString(start, path.Length - start) == "include")
            {
                throw new ConfigException(place,
                    "'include' is not understood; put all settings into one file.");
            }

            if (_text.Current != '.')
            {
                return path.ToString();
            }

            path.Append(_text.Take());
        }
    }

    private string ReadWord()
    {
        var word = new StringBuilder();
        while (char.IsAsciiLetterOrDigit(_text.Current) || _text.Current is '-' or '_')
        {
            word.Append(_text.Take());
        }

        return word.ToString();
    }

    private ConfigValue ReadValue()
    {
        var place = _text.Place;
        if (_text.Current != '[')
        {
            return ReadScalar();
        }

        _text.Take();
        var items = new List<ConfigValue.Scalar>();
        for (_text.SkipBetween(); _text.Current != ']'; _text.SkipBetween())
        {
            if (_text.IsAtEnd)
            {
                throw new ConfigException(place, "'[' is never closed; add ']'.");
            }

            items.Add(ReadScalar());
        }

        _text.Take();
        return new ConfigValue.List(items, place);
    }

    private ConfigValue.Scalar ReadScalar()
    {
        var place = _text.Place;
        if (_text.Current == '"')
        {
            return new(ReadQuoted(), true, place);
        }

        var bare = new StringBuilder();
        while (!_text.IsAtEnd && !_text.IsAtComment && _text.Current is not (
            '\n' or ',' or ']' or '}'))
        {
            if (Reserved.Contains(_text.Current, StringComparison.Ordinal))
            {
                throw new ConfigException(_text.Place,
                    _text.Current == '$' ? "Substitutions '${…}' are not understood."
                    : _text.Current is '{' or '[' ? $"{Shown(_text.Current)} cannot stand here."
                    : $"{Shown(_text.Current)} needs quotes: write the value as \"…\".");
            }

            bare.Append(_text.Take());
        }

        var text = bare.ToString().Trim();
        return text.Length > 0
            ? new(text, false, place)
            : throw new ConfigException(place, "A value is missing.");
    }

    private string ReadQuoted()
    {
        var place = _text.Place;
        if (_text.StartsWith("\"\"\""))
        {
            throw new ConfigException(place, "Strings in \"\"\" are not understood; use \"…\".");
        }

        _text.Take();
        var quoted = new StringBuilder();
        while (_text.Current != '"')
        {
            if (_text.IsAtEnd || _text.Current == '\n')
            {
                throw new ConfigException(place, "This string is not closed; add '\"'.");
            }

            quoted.Append(_text.Current == '\\' ? ReadEscape() : _text.Take());
        }

        _text.Take();
        return quoted.ToString();
    }

    private char ReadEscape()
    {
        var place = _text.Place;
        _text.Take();
        return _text.Take() switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'u' when int.TryParse(
                string.Concat(_text.Take(), _text.Take(), _text.Take(), _text.Take()),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) =>
                (char)code,
            _ => throw new ConfigException(place,
                "Unknown escape; there are \\\" \\\\ \\/ \\n \\t \\r \\uXXXX."),
        };
    }

    private void ExpectEnd()
    {
        _text.SkipSpaces();
        if (!_text.IsAtEnd && !_text.IsAtComment && _text.Current is not ('\n' or ',' or '}'))
        {
            throw new ConfigException(_text.Place,
                $"{Shown(_text.Current)} after the value; one setting a line, or a comma between.");
        }
    }

    private static string Shown(char c) => c == ConfigText.End
        ? "the end of the file"
        : $"'{c}'";
}
