using System.Text;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>
/// What is one value? All that stands side by side in a line: texts with the spaces between
/// them, lists, objects, substitutions.
/// </summary>
internal sealed class ValueReader(
    TokenCursor tokens,
    string[] includedAt,
    Func<HoconNode.Object> readObject,
    Func<HoconNode.List> readList)
{
    /// <param name="after">What announced the value: '=', '[' …</param>
    public HoconNode Read(Token after)
    {
        var isNextLine = tokens.SkipLines();
        var place = tokens.Current.Place;
        var parts = new List<HoconNode>();
        var texts = new List<Token>();
        while (ReadPart(texts) is { } part)
        {
            AddTexts();
            parts.Add(part);
        }

        // Spaces after the last part are nobody's.
        while (texts is [.., { Kind: TokenKind.Space }])
        {
            texts.RemoveAt(texts.Count - 1);
        }

        if (isNextLine && tokens.Current.Kind is TokenKind.EqualSign or TokenKind.Colon)
        {
            throw Missing(after, after.Place);
        }

        AddTexts();
        return parts switch
        {
            [] => throw Missing(after, isNextLine ? after.Place : place),
            [var only] => only,
            _ => Join(parts, place),
        };

        void AddTexts()
        {
            if (texts.Count > 0)
            {
                parts.Add(Fold(texts));
                texts.Clear();
            }
        }
    }

    /// <summary>The next list, object or substitution, after the texts before it.</summary>
    private HoconNode? ReadPart(List<Token> texts)
    {
        while (tokens.Current.IsText || tokens.Current.Kind == TokenKind.Space)
        {
            texts.Add(tokens.Take());
        }

        return tokens.Current.Kind switch
        {
            TokenKind.OpenBrace => readObject(),
            TokenKind.OpenBracket => readList(),
            TokenKind.OpenSubstitution => ReadSubstitution(),
            TokenKind.Broken => throw new HoconException(tokens.Current.Place, ""),
            _ => null,
        };
    }

    private HoconNode.Substitution ReadSubstitution()
    {
        var open = tokens.Take();
        var path = PathReader.Read(tokens);
        return tokens.Current.Kind == TokenKind.CloseBrace && tokens.Take().Text.Length > 0
            ? new(path, includedAt, open.Text.EndsWith('?'), open.Place)
            : throw new HoconException(tokens.Current.Place,
                $"Expected '}}' at the end of '{open.Text}{PathReader.Show(path)}', found "
                + $"{tokens.Current}.");
    }

    /// <summary>A single text keeps its type; several become one text.</summary>
    private static HoconNode.Literal Fold(List<Token> texts)
    {
        var first = texts[0];
        if (texts.All(token => token.Kind == TokenKind.Space))
        {
            return new(first.Text, LiteralKind.Blank, first.Place);
        }

        if (texts.Count > 1)
        {
            var all = texts.Aggregate(new StringBuilder(), (text, t) => text.Append(t.Text));
            return new(all.ToString(), LiteralKind.Text, first.Place);
        }

        return new(first.Text, first.Kind switch
        {
            TokenKind.Number => LiteralKind.Number,
            TokenKind.Bare when first.Text is "true" or "false" => LiteralKind.Boolean,
            TokenKind.Bare when first.Text is "null" => LiteralKind.Null,
            _ => LiteralKind.Text,
        }, first.Place);
    }

    private static HoconNode.Concatenation Join(List<HoconNode> parts, Place place)
    {
        var kinds = parts.Where(part => part is not (
            HoconNode.Substitution or HoconNode.Literal { Kind: LiteralKind.Blank })).ToArray();
        return Array.Find(kinds, part => part.GetType() != kinds[0].GetType()) is { } other
            ? throw new HoconException(other.Place,
                $"{Name(other)} beside {Name(kinds[0])}; only equal kinds can be joined. Begin a "
                + "new line, or write a comma between.")
            : new(parts, place);
    }

    private static string Name(HoconNode node) => node switch
    {
        HoconNode.List => "a list",
        HoconNode.Object => "an object",
        _ => "a text",
    };

    private HoconException Missing(Token after, Place at) => new(at,
        $"A value is missing after {after}, before {tokens.Current}; write \"\" for an empty "
        + "text.");
}
