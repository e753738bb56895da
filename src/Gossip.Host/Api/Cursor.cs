using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gossip.Host.Api;

/// <summary>
/// How far did a reader get? <c>position</c>: through that whole entry; <c>position.index</c>:
/// through that payload of it.
/// </summary>
internal readonly record struct Cursor(long Position, int Index)
{
    public static readonly Cursor Start = AfterEntry(0);

    /// <summary>
    /// The position to read after, so that the rest of a half-read entry comes again.
    /// </summary>
    public long After => Index == int.MaxValue ? Position : Position - 1;

    public static Cursor AfterEntry(long position) => new(position, int.MaxValue);

    public bool Covers(long position, int index) =>
        position < Position || (position == Position && index <= Index);

    public static bool TryParse(string text, [NotNullWhen(true)] out Cursor? cursor)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var index = int.MaxValue;
        cursor = null;
        if (long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None,
                CultureInfo.InvariantCulture, out var position)
            && (dot < 0 || (position > 0 && int.TryParse(text[(dot + 1)..], NumberStyles.None,
                CultureInfo.InvariantCulture, out index))))
        {
            cursor = new(position, index);
        }

        return cursor is not null;
    }

    public override string ToString() => Index == int.MaxValue
        ? Position.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Position}.{Index}");
}
