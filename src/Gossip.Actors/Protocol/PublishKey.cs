using System.Collections.Immutable;
using System.Text;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Names one publish of this node in one topic, as long as its store lives: whoever publishes
/// under it again gets the receipts of the first time, and nothing is written twice. A restored
/// copy of a store has forgotten later keys.
/// </summary>
public readonly record struct PublishKey
{
    /// <summary>Bytes of UTF-8; a UUID or a database key fits, a document does not.</summary>
    public const int BytesMax = 256;

    /// <exception cref="FormatException">Empty, or longer than <see cref="BytesMax"/>.</exception>
    public PublishKey(string value)
    {
        Value = IsValid(value)
            ? value
            : throw new FormatException($"A publish key is 1 to {BytesMax} bytes of UTF-8.");
    }

    public string Value { get; }

    public static bool IsValid(string value) =>
        value.Length > 0 && IsText(value) && Encoding.UTF8.GetByteCount(value) <= BytesMax;

    /// <summary>
    /// Half a surrogate pair has no spelling in UTF-8: two such strings would become one.
    /// </summary>
    internal static bool IsText(string value)
    {
        for (var i = 0; i < value.Length;)
        {
            if (!Rune.TryGetRuneAt(value, i, out var rune))
            {
                return false;
            }

            i += rune.Utf16SequenceLength;
        }

        return true;
    }

    public override string ToString() => Value;
}

/// <summary>
/// Where the payloads of one publish lie: side by side in one entry, from index
/// <paramref name="First"/> on.
/// </summary>
public sealed record Publication(EntryId Entry, Dot Dot, int First, int Count, long Position)
{
    public ImmutableArray<Receipt> Receipts => Count == 1
        ? [new(Entry, Dot, First, Position)]
        : [.. Enumerable.Range(First, Count).Select(i => new Receipt(Entry, Dot, i, Position))];
}

/// <summary>What the store remembers of a publish that had a key.</summary>
public sealed record KeyRecord(PublishKey Key, Publication Publication);
