using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gossip.Actors.Protocol;

/// <summary>
/// One log in a digest: what its sender holds. The digest covers the id at the contiguous head
/// (whose prev chain covers everything before), the ids above gaps, and the closure.
/// Source: interval version vectors (BitTorrent-style have-ranges over Scuttlebutt's heads).
/// </summary>
public sealed record Row(
    LogId Log,
    Holdings Holdings,
    UInt128 HeadIdPrefix,
    long? ClosedAt,
    UInt128 Digest)
{
    /// <summary>
    /// The first slot that does not count; beyond every slot while the log is open.
    /// </summary>
    public long End => ClosedAt ?? long.MaxValue;

    /// <summary>Bytes it takes in a message at most.</summary>
    public int SizeMax => 192 + 20 * Holdings.Islands.Count;

    /// <summary>Parts of a quarter MiB: few enough for a frame, and control is never far behind.
    /// </summary>
    public static IEnumerable<ImmutableArray<Row>> Split(IEnumerable<Row> rows)
    {
        const int PartBytes = 256 * 1024;
        var part = ImmutableArray.CreateBuilder<Row>();
        var bytes = 0;
        foreach (var row in rows)
        {
            part.Add(row);
            bytes += row.SizeMax;
            if (bytes >= PartBytes)
            {
                yield return part.DrainToImmutable();
                bytes = 0;
            }
        }

        if (part.Count > 0)
        {
            yield return part.DrainToImmutable();
        }
    }

    public static UInt128 DigestOf(
        EntryId headId,
        IEnumerable<KeyValuePair<long, EntryId>> islandIds,
        long? closedAt)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[8 + Hash.Bytes];
        sha.AppendData("gossip/row/1"u8);
        headId.Hash.Write(bytes);
        sha.AppendData(bytes[..Hash.Bytes]);
        foreach (var (seq, id) in islandIds)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes, seq);
            id.Hash.Write(bytes[8..]);
            sha.AppendData(bytes);
        }

        BinaryPrimitives.WriteInt64BigEndian(bytes, closedAt ?? 0);
        sha.AppendData(bytes[..8]);
        return Hash.Finish(sha).Prefix;
    }

    /// <summary>One hash over a topic's rows, ordered by log: equal roots, equal entries.</summary>
    public static Hash Root(IEnumerable<Row> rows)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[LogId.Bytes + 16];
        sha.AppendData("gossip/root/1"u8);
        foreach (var row in rows)
        {
            row.Log.Write(bytes);
            BinaryPrimitives.WriteUInt128BigEndian(bytes[LogId.Bytes..], row.Digest);
            sha.AppendData(bytes);
        }

        return Hash.Finish(sha);
    }
}

/// <summary>
/// What one side shows of one topic in a round; the rows may come in several parts.
/// </summary>
public sealed record TopicDigest(
    TopicId Topic,
    Hash Root,
    bool HasRows,
    bool IsLast,
    ImmutableArray<Row> Rows)
{
    public static TopicDigest OfRoot(TopicId topic, Hash root) => new(topic, root, false, true, []);
}
