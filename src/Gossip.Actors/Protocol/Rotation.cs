using System.Buffers.Binary;
using System.Text;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Which key takes an author's place? Said by the entry that ends a log, and signed by both keys:
/// the entry's own signature, by the old key, covers the successor and what the successor signed.
/// </summary>
public sealed record Rotation(Did Successor, ReadOnlyMemory<byte> Signature)
{
    /// <summary>
    /// What the successor signs: this very slot of this log, in this topic and network, after this
    /// entry. So what it signed for one rotation serves no other.
    /// </summary>
    public static EntryId StatementOf(
        string network, TopicId topic, LogId log, long seq, EntryId prev)
    {
        var name = Encoding.UTF8.GetBytes(network);
        var bytes = new byte[4 + name.Length + Hash.Bytes + LogId.Bytes + 8 + Hash.Bytes];
        BinaryPrimitives.WriteInt32BigEndian(bytes, name.Length);
        name.CopyTo(bytes, 4);
        var rest = bytes.AsSpan(4 + name.Length);
        topic.Hash.Write(rest);
        log.Write(rest[Hash.Bytes..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[(Hash.Bytes + LogId.Bytes)..], seq);
        prev.Hash.Write(rest[(Hash.Bytes + LogId.Bytes + 8)..]);
        return new(Hash.Of("gossip/rotation/1", bytes));
    }

    public bool Equals(Rotation? other) => other is not null
        && Successor.Equals(other.Successor)
        && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => Successor.GetHashCode();

    /// <summary>The statement of an entry that carries one.</summary>
    internal static EntryId StatementOf(Header header) =>
        StatementOf(header.Network, header.Topic, header.Log, header.Seq, header.Prev);
}
