using System.Collections.Immutable;
using System.Text;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Names one publish of this node's identity in one topic, for ever: whoever publishes under it
/// again gets the receipts of the first time, and nothing is written twice.
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
        value.Length > 0 && Encoding.UTF8.GetByteCount(value) <= BytesMax;

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
