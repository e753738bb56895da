using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gossip.Actors.Protocol;

/// <summary>A SHA-256 value: 32 bytes, ordered as they are written.</summary>
public readonly record struct Hash(ulong A, ulong B, ulong C, ulong D) : IComparable<Hash>
{
    public const int Bytes = 32;

    /// <summary>
    /// The first 16 bytes: what a digest row or a clock component carries of an id.
    /// </summary>
    public UInt128 Prefix => new(A, B);

    public static Hash Of(string tag, params ReadOnlySpan<byte> data)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(tag));
        sha.AppendData(data);
        return Finish(sha);
    }

    public static Hash OfBytes(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(data, hash);
        return Read(hash);
    }

    public static Hash Finish(IncrementalHash sha)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        sha.GetHashAndReset(hash);
        return Read(hash);
    }

    public static Hash Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new FormatException($"A hash is {Bytes} bytes, not {bytes.Length}.");
        }

        return new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        Write(bytes);
        return bytes;
    }

    public int CompareTo(Hash other) =>
        (A, B, C, D).CompareTo((other.A, other.B, other.C, other.D));

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}

/// <summary>
/// Which entry: SHA-256 over a domain tag and the header, never over the signature.
/// </summary>
public readonly record struct EntryId(Hash Hash) : IComparable<EntryId>
{
    /// <summary>The <c>prev</c> of a log's first entry.</summary>
    public static readonly EntryId None;

    public static EntryId Of(ReadOnlySpan<byte> headerBytes) =>
        new(Hash.Of("gossip/entry/1", headerBytes));

    public static bool TryParse(string text, out EntryId id)
    {
        id = default;
        if (text.Length != 2 * Hash.Bytes || !text.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        id = new(Hash.Read(Convert.FromHexString(text)));
        return true;
    }

    public int CompareTo(EntryId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}

/// <summary>Which topic: for a public topic, the hash of its name.</summary>
public readonly record struct TopicId(Hash Hash) : IComparable<TopicId>
{
    public static TopicId OfPublic(TopicName name) =>
        new(Hash.Of("gossip/topic/1", Encoding.UTF8.GetBytes(name.Value)));

    public int CompareTo(TopicId other) => Hash.CompareTo(other.Hash);

    public override string ToString() => Hash.ToString();
}
