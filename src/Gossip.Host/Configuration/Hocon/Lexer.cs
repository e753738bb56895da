namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// Which words is a text made of? Comments are left out. What is no word is reported, and the
/// rest of its line is read on, so that one slip does not hide the next.
/// </summary>
internal sealed class Lexer
{
    // The specification's: a bare string with one of these means something else there.
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly HoconText _text;
    private readonly Action<HoconException> _report;
    private readonly List<Token> _tokens = [];

    private Lexer(HoconText text, Action<HoconException> report) =>
        (_text, _report) = (text, report);

    /// <summary>Ends with one <see cref="TokenKind.End"/>.</summary>
    public static IReadOnlyList<Token> Read(
        HoconSource source, string text, Action<HoconException> report)
    {
        var lexer = new Lexer(new(source, text), report);
        while (!lexer._text.IsAtEnd)
        {
            lexer.ReadNext();
        }

        lexer._tokens.Add(new(TokenKind.End, "", lexer._text.Place));
        return lexer._tokens;
    }

    private void ReadNext()
    {
        var place = _text.Place;
        if (_text.IsAtComment)
        {
            _text.SkipLine();
            return;
        }

        try
        {
            var (kind, text) = ReadWord();
            _tokens.Add(new(kind, text, place));
        }
        catch (HoconException e)
        {
            _report(e);
            _tokens.Add(new(TokenKind.Broken, "", place));
        }
    }

    private (TokenKind Kind, string Text) ReadWord() => _text.Current switch
    {
        '\n' => (TokenKind.NewLine, _text.Take(1)),
        ',' => (TokenKind.Comma, _text.Take(1)),
        ':' => (TokenKind.Colon, _text.Take(1)),
        '=' => (TokenKind.EqualSign, _text.Take(1)),
        '{' => (TokenKind.OpenBrace, _text.Take(1)),
        '}' => (TokenKind.CloseBrace, _text.Take(1)),
        '[' => (TokenKind.OpenBracket, _text.Take(1)),
        ']' => (TokenKind.CloseBracket, _text.Take(1)),
        '"' => (TokenKind.Quoted, QuotedText.Read(_text)),
        '+' when _text.StartsWith("+=") => (TokenKind.PlusEqual, _text.Take(2)),
        '$' when _text.StartsWith("${?") => (TokenKind.OpenSubstitution, _text.Take(3)),
        '$' when _text.StartsWith("${") => (TokenKind.OpenSubstitution, _text.Take(2)),
        _ when _text.IsAtSpace => (TokenKind.Space, ReadSpaces()),
        _ when NumberLength() is > 0 and var length => (TokenKind.Number, _text.Take(length)),
        _ => (TokenKind.Bare, ReadBare()),
    };

    private string ReadSpaces()
    {
        var start = _text.Index;
        while (_text.IsAtSpace)
        {
            _text.Take();
        }

        return _text.Since(start);
    }

    private string ReadBare()
    {
        var start = _text.Index;
        while (!_text.IsAtEnd && _text.Current != '\n' && !_text.IsAtSpace && !_text.IsAtComment
            && !Reserved.Contains(_text.Current, StringComparison.Ordinal))
        {
            _text.Take();
        }

        if (_text.Index > start)
        {
            return _text.Since(start);
        }

        var place = _text.Place;
        throw new HoconException(place, _text.Take() switch
        {
            '$' => "'$' begins a substitution, ${KEY}; put it into quotes if it is meant itself.",
            var c => $"'{c}' cannot stand outside quotes; write the text as \"…\".",
        });
    }

    /// <summary>Of JSON's number that begins here; 0 when none does.</summary>
    private int NumberLength()
    {
        var at = _text.Current == '-' ? 1 : 0;
        if (Digits(at) is not (> 0 and var whole))
        {
            return 0;
        }

        at += _text.Peek(at) == '0' ? 1 : whole;
        if (_text.Peek(at) == '.' && Digits(at + 1) is > 0 and var fraction)
        {
            at += 1 + fraction;
        }

        if (_text.Peek(at) is 'e' or 'E')
        {
            var sign = _text.Peek(at + 1) is '+' or '-' ? 1 : 0;
            at += Digits(at + 1 + sign) is > 0 and var power ? 1 + sign + power : 0;
        }

        return at;
    }

    private int Digits(int from)
    {
        var count = 0;
        while (char.IsAsciiDigit(_text.Peek(from + count)))
        {
            count++;
        }

        return count;
    }
}
