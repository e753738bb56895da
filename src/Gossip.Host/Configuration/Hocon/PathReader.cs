using System.Text;

namespace Gossip.Host.Configuration.Hocon;

/// <summary>Which words does a dotted path have? Dots inside quotes are letters.</summary>
internal static class PathReader
{
    /// <summary>Reads up to what cannot be part of a path.</summary>
    public static string[] Read(TokenCursor tokens)
    {
        tokens.SkipSpaces();
        var start = tokens.Current;
        if (!start.IsText)
        {
            throw new HoconException(start.Place, start.Kind == TokenKind.OpenSubstitution
                ? "A substitution cannot be part of a key; write the key out."
                : $"Expected a key, found {start}.");
        }

        var elements = new List<string>();
        var element = new StringBuilder();
        var isQuoted = false;
        var spaces = "";
        for (; tokens.Current.IsText || tokens.Current.Kind == TokenKind.Space; tokens.Take())
        {
            var token = tokens.Current;
            if (token.Kind == TokenKind.Space)
            {
                spaces += token.Text;
                continue;
            }

            element.Append(spaces);
            spaces = "";
            if (token.Kind == TokenKind.Quoted)
            {
                element.Append(token.Text);
                isQuoted = true;
                continue;
            }

            var words = token.Text.Split('.');
            foreach (var word in words[..^1])
            {
                element.Append(word);
                EndElement();
            }

            element.Append(words[^1]);
        }

        EndElement();
        return elements.Count <= HoconLimits.DepthMax
            ? [.. elements]
            : throw new HoconException(start.Place,
                $"A key of {elements.Count} words; at most {HoconLimits.DepthMax}.");

        void EndElement()
        {
            if (element.Length == 0 && !isQuoted)
            {
                throw new HoconException(start.Place,
                    "A dot with nothing before or after it; remove it, or write \"\" for an empty "
                    + "word.");
            }

            elements.Add(element.ToString());
            element.Clear();
            isQuoted = false;
        }
    }

    /// <summary>As one would write it in a file.</summary>
    public static string Show(IEnumerable<string> path) => string.Join('.', path.Select(word =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_')
            ? word
            : $"\"{word}\""));
}
