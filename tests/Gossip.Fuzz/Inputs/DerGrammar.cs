namespace Gossip.Fuzz.Inputs;

/// <summary>DER: a tag, a length, and what is in it. So certificates are spelled.</summary>
internal sealed class DerGrammar : IGrammar
{
    private const byte Constructed = 0x20;
    private const byte BitString = 3;
    private const byte OctetString = 4;
    private const int DepthMax = 20;

    // What certificates are made of: numbers, strings, null, identifiers, dates, sets, extensions.
    private static readonly byte[] Tags =
        [1, 2, 3, 4, 5, 6, 10, 12, 19, 22, 23, 24, 30, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3];

    // A short value, a key, a long one.
    private static readonly int[] Sizes = [0, 1, 1, 2, 3, 4, 8, 20, 65, 300];

    public Node? Read(byte[] bytes) =>
        Parts(bytes, 0) is { Count: > 0 } parts ? new Node { Tag = 0, Parts = parts } : null;

    public byte[] Write(Node root) => [.. root.Parts.SelectMany(WritePart)];

    public Node New(Node inside, Random random)
    {
        var leaf = new Node { Tag = Tags[random.Next(Tags.Length)], Bytes = [] };
        leaf.Bytes = Value(leaf, random);
        return leaf;
    }

    public byte[] Value(Node leaf, Random random)
    {
        var bytes = new byte[Sizes[random.Next(Sizes.Length)]];
        random.NextBytes(bytes);
        return bytes;
    }

    public ulong Tag(Node part, Random random) =>
        random.Next(2) == 0 ? Tags[random.Next(Tags.Length)] : (ulong)random.Next(256);

    /// <summary>Null when the bytes are not wholly DER.</summary>
    private static List<Node>? Parts(ReadOnlySpan<byte> bytes, int depth)
    {
        var parts = new List<Node>();
        while (!bytes.IsEmpty)
        {
            var (head, length) = Length(bytes);
            if (depth > DepthMax || head == 0 || length > bytes.Length - head)
            {
                return null;
            }

            var inside = bytes.Slice(head, length);
            parts.Add(Part(bytes[0], inside, depth));
            bytes = bytes[(head + length)..];
        }

        return parts;
    }

    private static Node Part(byte tag, ReadOnlySpan<byte> inside, int depth)
    {
        // Keys and extensions hide further DER in strings.
        var isOpaque = (tag & Constructed) == 0 && tag is not (BitString or OctetString);
        var skip = tag == BitString && inside is [0, ..] ? 1 : 0;
        return !isOpaque && skip == (tag == BitString ? 1 : 0)
            && Parts(inside[skip..], depth + 1) is { Count: > 0 } parts
                ? new() { Tag = tag, Parts = parts }
                : new() { Tag = tag, Bytes = inside.ToArray() };
    }

    private static (int Head, int Length) Length(ReadOnlySpan<byte> bytes)
    {
        switch (bytes)
        {
            case [_, < 0x80 and var length, ..]:
                return (2, length);
            case [_, 0x81, var length, ..]:
                return (3, length);
            case [_, 0x82, var high, var low, ..]:
                return (4, (high << 8) | low);
            default:
                return (0, 0);
        }
    }

    private static byte[] WritePart(Node node)
    {
        byte[] inside = node.Bytes
            ?? [.. new byte[node.Tag == BitString ? 1 : 0], .. node.Parts.SelectMany(WritePart)];
        var length = node.Claim ?? (ulong)inside.Length;
        byte[] head = length switch
        {
            < 0x80 => [(byte)length],
            < 0x100 => [0x81, (byte)length],
            < 0x10000 => [0x82, (byte)(length >> 8), (byte)length],
            _ => [0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
        };
        return [(byte)node.Tag, .. head, .. inside];
    }
}
