using System.Runtime.CompilerServices;

namespace Gossip.Actors.Protocol;

/// <summary>
/// A rule in words, for whoever breaks it. Rules are checked for every entry: while they hold,
/// nothing is formatted.
/// </summary>
[InterpolatedStringHandler]
internal ref struct RuleText
{
    private DefaultInterpolatedStringHandler _text;

    public RuleText(int literalLength, int holes, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = isNeeded ? new(literalLength, holes) : default;
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override readonly string ToString() => _text.ToString();
}
