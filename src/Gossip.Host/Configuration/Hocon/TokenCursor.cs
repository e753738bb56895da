namespace Gossip.Host.Configuration.Hocon;

/// <summary>A position among the words of a text; it stays at the end once it is there.</summary>
internal sealed class TokenCursor(IReadOnlyList<Token> tokens)
{
    public int Index { get; private set; }

    public Token Current => tokens[Index];

    public Token Next => tokens[Math.Min(Index + 1, tokens.Count - 1)];

    public Token Take()
    {
        var taken = Current;
        Index += taken.Kind == TokenKind.End ? 0 : 1;
        return taken;
    }

    public void SkipSpaces()
    {
        while (Current.Kind == TokenKind.Space)
        {
            Take();
        }
    }

    /// <summary>Spaces and line ends; true when there was a line end.</summary>
    public bool SkipLines()
    {
        var hasLine = false;
        while (Current.Kind is TokenKind.Space or TokenKind.NewLine)
        {
            hasLine |= Take().Kind == TokenKind.NewLine;
        }

        return hasLine;
    }

    /// <summary>
    /// After an error: to the end of the line, or of what opens in it, but not out of what
    /// encloses it.
    /// </summary>
    public void SkipSetting()
    {
        for (var depth = 0; Current.Kind != TokenKind.End; Take())
        {
            switch (Current.Kind)
            {
                case TokenKind.NewLine or TokenKind.CloseBrace or TokenKind.CloseBracket
                    when depth == 0:
                    return;
                case TokenKind.OpenBrace or TokenKind.OpenBracket or TokenKind.OpenSubstitution:
                    depth++;
                    break;
                case TokenKind.CloseBrace or TokenKind.CloseBracket:
                    depth--;
                    break;
                default:
                    break;
            }
        }
    }
}
