using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Actors.Protocol;

/// <summary>
/// How headers and payload lists are spelled in bytes. Encoding is done once, by the author;
/// nothing is ever re-encoded, so nothing needs a canonical form.
/// </summary>
public static class EntryFormat
{
    public static byte[] Encode(Header header)
    {
        var message = new Proto.Header
        {
            Network = ByteString.CopyFromUtf8(header.Network),
            Topic = ToBytes(header.Topic.Hash),
            Log = Encode(header.Log),
            Seq = (ulong)header.Seq,
            Prev = header.Seq == 1 ? ByteString.Empty : ToBytes(header.Prev.Hash),
            TimeMs = (ulong)header.Time,
            PayloadCount = (uint)header.PayloadCount,
            PayloadBytes = (uint)header.PayloadBytes,
            PayloadHash = ToBytes(header.PayloadHash),
            End = header.IsEnd,
            Policy = header.IsPolicy,
            Erases = header.Erases,
        };
        if (header.Rotation is { } rotation)
        {
            message.Successor = ByteString.CopyFrom(rotation.Successor.Key);
            message.SuccessorSignature = ByteString.CopyFrom(rotation.Signature.Span);
        }

        message.Clock.AddRange(header.Clock.Select(d => new Proto.ClockComponent
        {
            Log = Encode(d.Log),
            Seq = (ulong)d.Seq,
            IdPrefix = ToBytes(d.IdPrefix),
        }));
        return message.ToByteArray();
    }

    /// <summary>False for anything that is not a whole, well-formed header.</summary>
    public static bool TryDecodeHeader(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out Header? header)
    {
        header = null;
        try
        {
            if (bytes.Length > Limits.HeaderBytesMax
                || !WireGuard.Fits(bytes.Span, Proto.Header.Descriptor, Limits.HeaderFieldsMax))
            {
                return false;
            }

            header = HeaderDecoder.Read(bytes);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return false;
        }
    }

    public static byte[] EncodePayloads(IEnumerable<Payload> payloads) =>
        PayloadCodec.Encode([.. payloads]);

    /// <summary>The payloads are slices of these bytes, which must not change any more.</summary>
    /// <exception cref="FormatException">The bytes are no payload list.</exception>
    public static ImmutableArray<Payload> DecodePayloads(ReadOnlyMemory<byte> bytes) =>
        PayloadCodec.Decode(bytes);

    internal static Proto.Log Encode(LogId log) => new()
    {
        Author = ByteString.CopyFrom(log.Author.Key),
        Incarnation = log.Incarnation,
        AdmissionSeq = (ulong)log.Admission.Seq,
        AdmissionId = log.Admission == Admission.None
            ? ByteString.Empty
            : ToBytes(log.Admission.Id.Hash),
    };

    internal static long DecodeSeq(ulong seq) => seq is >= 1 and <= Dot.SeqMax
        ? (long)seq
        : throw new FormatException($"A seq is 1 to 2^53, not {seq}.");

    internal static ByteString ToBytes(Hash hash) =>
        UnsafeByteOperations.UnsafeWrap(hash.ToArray());

    internal static ByteString ToBytes(UInt128 prefix)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, prefix);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
