namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// <c>include "x"</c>, <c>include file("x")</c>, <c>include required(file("x"))</c>; with
/// <c>classpath("x")</c> what is part of the program.
/// </summary>
internal sealed record IncludeStatement(
    string Name, bool IsRequired, bool IsResource, Place Place)
{
    private const string Forms =
        "include \"FILE\", include file(\"FILE\") or include required(\"FILE\")";

    /// <summary>Only an unquoted <c>include</c> that begins a field.</summary>
    public static bool IsAhead(TokenCursor tokens) =>
        tokens.Current is { Kind: TokenKind.Bare, Text: "include" };

    public static IncludeStatement Read(TokenCursor tokens)
    {
        var place = tokens.Take().Place;
        var opening = "";
        for (; tokens.Current.Kind != TokenKind.Quoted; tokens.Take())
        {
            if (tokens.Current.Kind is not (
                TokenKind.Bare or TokenKind.Space or TokenKind.NewLine))
            {
                throw new HoconException(tokens.Current.Place,
                    $"Expected {Forms}, found {tokens.Current}. A key of this name needs quotes.");
            }

            opening += tokens.Current.Kind == TokenKind.Bare ? tokens.Current.Text : "";
        }

        var name = tokens.Take();
        var isRequired = opening.StartsWith("required(", StringComparison.Ordinal);
        switch (isRequired ? opening["required(".Length..] : opening)
        {
            case "url(":
                throw new HoconException(place,
                    "Only files can be included; copy it beside this file and write "
                    + "include \"FILE\".");
            case ("" or "file(" or "classpath(") and var form:
                Close(tokens, opening.Count(c => c == '('));
                return Check(new(name.Text, isRequired, form == "classpath(", place), name);
            default:
                throw new HoconException(place, $"Expected {Forms}.");
        }
    }

    private static void Close(TokenCursor tokens, int count)
    {
        var closing = "";
        while (closing.Length < count && tokens.Current.Kind is (
            TokenKind.Bare or TokenKind.Space))
        {
            closing += tokens.Take() is { Kind: TokenKind.Bare } token ? token.Text : "";
        }

        if (closing != new string(')', count))
        {
            throw new HoconException(tokens.Current.Place,
                $"Expected '{new string(')', count)}' after the file's name.");
        }
    }

    private static IncludeStatement Check(IncludeStatement include, Token name) =>
        name.Text.Contains("://", StringComparison.Ordinal)
            ? throw new HoconException(name.Place,
                "Only files can be included; copy it beside this file.")
            : name.Text.Length == 0 || name.Text.Contains('\0', StringComparison.Ordinal)
                ? throw new HoconException(name.Place, "Expected a file's name.")
                : include;
}
