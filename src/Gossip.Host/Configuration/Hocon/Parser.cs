namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What does a text say? Fields and lists; a wrong one is reported and skipped, and the rest is
/// read. Substitutions stay as they are: they may mean what another text says.
/// </summary>
internal sealed class Parser
{
    private readonly TokenCursor _tokens;
    private readonly Action<HoconException> _report;
    private readonly Action<IncludeStatement, HoconNode.Object, string[]> _include;
    private readonly ValueReader _values;

    // From the root of everything, the place of the include first.
    private readonly List<string> _path;
    private int _lists;

    private Parser(
        TokenCursor tokens,
        string[] includedAt,
        Action<HoconException> report,
        Action<IncludeStatement, HoconNode.Object, string[]> include)
    {
        (_tokens, _report, _include) = (tokens, report, include);
        _path = [.. includedAt];
        _values = new(tokens, includedAt, ReadObject, ReadList);
    }

    /// <param name="tokens">The text.</param>
    /// <param name="includedAt">The key under which this text is included.</param>
    /// <param name="report">Gets each error.</param>
    /// <param name="include">Gets each include, what to put it into, and under which key.</param>
    /// <returns>An object, or a list when the text begins with '['.</returns>
    public static HoconNode Read(
        IReadOnlyList<Token> tokens,
        string[] includedAt,
        Action<HoconException> report,
        Action<IncludeStatement, HoconNode.Object, string[]> include) =>
        new Parser(new(tokens), includedAt, report, include).ReadRoot();

    private HoconNode ReadRoot()
    {
        _tokens.SkipLines();
        var first = _tokens.Current;
        if (first.Kind is not (TokenKind.OpenBrace or TokenKind.OpenBracket))
        {
            var root = new HoconNode.Object(first.Place);
            ReadFields(root, null);
            return root;
        }

        try
        {
            HoconNode root = first.Kind == TokenKind.OpenBrace ? ReadObject() : ReadList();
            _tokens.SkipLines();
            return _tokens.Current.Kind == TokenKind.End
                ? root
                : throw new HoconException(_tokens.Current.Place,
                    $"Expected the end of the file after what began in line {first.Place.Line}, "
                    + $"found {_tokens.Current}; remove one bracket too many.");
        }
        catch (HoconException e)
        {
            _report(e);
            return new HoconNode.Object(first.Place);
        }
    }

    private HoconNode.Object ReadObject()
    {
        var open = _tokens.Take();
        Deeper(open, 1);
        var read = new HoconNode.Object(open.Place);
        ReadFields(read, open);
        return read;
    }

    private void ReadFields(HoconNode.Object target, Token? open)
    {
        for (_tokens.SkipLines(); ; _tokens.SkipLines())
        {
            var start = _tokens.Index;
            var token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.CloseBrace when open is not null:
                    _tokens.Take();
                    return;
                case TokenKind.CloseBracket when open is not null && _lists > 0:
                case TokenKind.End when open is not null:
                    _report(new(open.Value.Place, "'{' is never closed; add '}'."));
                    return;
                case TokenKind.End:
                    return;
                case TokenKind.CloseBrace or TokenKind.CloseBracket:
                    _report(new(token.Place, $"{token} closes nothing; remove it."));
                    _tokens.Take();
                    continue;
            }

            try
            {
                var assign = ReadField(target);
                ReadSeparator("one setting a line, or a comma between");
                assign();
            }
            catch (HoconException e)
            {
                _report(e);
                _tokens.SkipSetting();
                SkipStuck(start);
            }
        }
    }

    /// <summary>What to do once the field has turned out to end well.</summary>
    private Action ReadField(HoconNode.Object target)
    {
        if (IncludeStatement.IsAhead(_tokens))
        {
            var include = IncludeStatement.Read(_tokens);

            // What is inside a list has no path that a substitution could begin with.
            string[] at = _lists > 0 ? [] : [.. _path];
            return () => _include(include, target, at);
        }

        var key = _tokens.Current;
        var path = PathReader.Read(_tokens);
        var isNextLine = _tokens.SkipLines();
        var separator = _tokens.Current;
        if (separator.Kind is TokenKind.Colon or TokenKind.EqualSign or TokenKind.PlusEqual)
        {
            _tokens.Take();
        }
        else if (separator.Kind != TokenKind.OpenBrace)
        {
            throw new HoconException(isNextLine ? key.Place : separator.Place,
                $"Expected '=', ':' or '{{' after '{PathReader.Show(path)}', found "
                + (isNextLine ? "the end of the line." : $"{separator}."));
        }

        Deeper(key, path.Length);
        _path.AddRange(path);
        try
        {
            var value = _values.Read(separator);
            var isAppend = separator.Kind == TokenKind.PlusEqual;
            return () => target.Assign(path, new(key.Place, value, isAppend));
        }
        finally
        {
            _path.RemoveRange(_path.Count - path.Length, path.Length);
        }
    }

    private HoconNode.List ReadList()
    {
        var open = _tokens.Take();
        Deeper(open, 1);
        var list = new HoconNode.List(open.Place);
        _lists++;
        try
        {
            ReadElements(list, open);
            return list;
        }
        finally
        {
            _lists--;
        }
    }

    private void ReadElements(HoconNode.List list, Token open)
    {
        for (_tokens.SkipLines(); ; _tokens.SkipLines())
        {
            var start = _tokens.Index;
            switch (_tokens.Current.Kind)
            {
                case TokenKind.CloseBracket:
                    _tokens.Take();
                    return;
                case TokenKind.End or TokenKind.CloseBrace:
                    throw new HoconException(open.Place, "'[' is never closed; add ']'.");
            }

            try
            {
                var element = _values.Read(open);
                ReadSeparator("one element a line, or a comma between");
                list.Elements.Add(element);
            }
            catch (HoconException e)
            {
                _report(e);
                _tokens.SkipSetting();
                SkipStuck(start);
            }
        }
    }

    /// <summary>Line ends, one comma, or what closes.</summary>
    private void ReadSeparator(string rule)
    {
        var hasLine = _tokens.SkipLines();
        if (_tokens.Current.Kind == TokenKind.Comma)
        {
            _tokens.Take();
            _tokens.SkipLines();
            if (_tokens.Current.Kind == TokenKind.Comma)
            {
                throw new HoconException(_tokens.Current.Place,
                    "Two commas with nothing between; remove one.");
            }
        }
        else if (!hasLine && _tokens.Current.Kind is not (
            TokenKind.End or TokenKind.CloseBrace or TokenKind.CloseBracket))
        {
            throw new HoconException(_tokens.Current.Place,
                _tokens.Current.Kind is TokenKind.Colon or TokenKind.EqualSign
                    ? $"{_tokens.Current} inside a value needs quotes: write the value as \"…\"."
                    : $"{_tokens.Current} after the value; {rule}.");
        }
    }

    private void SkipStuck(int start)
    {
        if (_tokens.Index == start)
        {
            _tokens.Take();
        }
    }

    private void Deeper(Token at, int by)
    {
        if (_path.Count + _lists + by > HoconLimits.DepthMax)
        {
            throw new HoconException(at.Place,
                $"Nested deeper than {HoconLimits.DepthMax}; make the file flatter.");
        }
    }
}
