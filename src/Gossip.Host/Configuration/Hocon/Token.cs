namespace Gossip.Host.Configuration.Hocon;

internal enum TokenKind
{
    End,
    NewLine,
    Space,
    Comma,
    Colon,
    EqualSign,
    PlusEqual,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenSubstitution,
    Bare,
    Number,
    Quoted,

    /// <summary>Something that the lexer has complained about already.</summary>
    Broken,
}

/// <summary>A word of HOCON: its text as written, but a quoted string without its quotes.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Place Place)
{
    public bool IsText => Kind is TokenKind.Bare or TokenKind.Number or TokenKind.Quoted;

    /// <summary>As an error names it.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the file",
        TokenKind.NewLine => "the end of the line",
        TokenKind.Space => "a space",
        TokenKind.Quoted => $"\"{Shortened}\"",
        _ => $"'{Shortened}'",
    };

    private string Shortened => Text.Length > 40 ? $"{Text[..40]}…" : Text;
}
