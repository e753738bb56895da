namespace Gossip.Fuzz.Inputs;

/// <summary>
/// A part of a structured input: its tag, and its bytes or its parts. The same for protobuf's
/// fields and DER's values, so that both are mutated by the same rules.
/// </summary>
internal sealed class Node
{
    /// <summary>With the wire type, or the class of the value.</summary>
    public required ulong Tag { get; set; }

    /// <summary>Null when it has parts.</summary>
    public byte[]? Bytes { get; set; }

    public List<Node> Parts { get; init; } = [];

    /// <summary>A length to claim instead of the true one; null is honest.</summary>
    public ulong? Claim { get; set; }

    /// <summary>This part and all below it.</summary>
    public List<Node> All()
    {
        List<Node> all = [this];
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].Parts);
        }

        return all;
    }

    public Node Copy() => new()
    {
        Tag = Tag,
        Bytes = Bytes,
        Parts = [.. Parts.Select(part => part.Copy())],
        Claim = Claim,
    };
}
