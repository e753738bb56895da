using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
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
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

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
        };
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

            var message = Proto.Header.Parser.ParseFrom(bytes.Span);
            if (!IsWithinLimits(message))
            {
                return false;
            }

            header = new Header
            {
                Network = StrictUtf8.GetString(message.Network.Span),
                Topic = new(Hash.Read(message.Topic.Span)),
                Log = DecodeLog(message.Log),
                Seq = DecodeSeq(message.Seq),
                Prev = message.Prev.IsEmpty ? EntryId.None : new(Hash.Read(message.Prev.Span)),
                Clock = [.. message.Clock.Select(DecodeDependency)],
                Time = (long)message.TimeMs,
                PayloadCount = (int)message.PayloadCount,
                PayloadBytes = (int)message.PayloadBytes,
                PayloadHash = Hash.Read(message.PayloadHash.Span),
                IsEnd = message.End,
                IsPolicy = message.Policy,
            };
            return true;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException
            or ArgumentException)
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

    /// <exception cref="FormatException">A field is missing or has the wrong size.</exception>
    internal static LogId DecodeLog(Proto.Log? log) => log is null
        ? throw new FormatException("A log is missing.")
        : new(
            Did.FromKey(log.Author.Span),
            log.Incarnation,
            log.AdmissionId.IsEmpty && log.AdmissionSeq == 0
                ? Admission.None
                : new(DecodeSeq(log.AdmissionSeq), new(Hash.Read(log.AdmissionId.Span))));

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

    internal static UInt128 DecodePrefix(ByteString bytes) => bytes.Length == 16
        ? System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes.Span)
        : throw new FormatException($"An id prefix is 16 bytes, not {bytes.Length}.");

    /// <summary>What no honest author exceeds. Only the first entry of a log has no prev.</summary>
    private static bool IsWithinLimits(Proto.Header message) =>
        message.Network.Length is >= 1 and <= Limits.NetworkBytesMax
        && message.Prev.IsEmpty == (message.Seq == 1)
        && message.Clock.Count <= Limits.ClockComponentsMax
        && message.TimeMs <= Limits.TimeMax
        && message.PayloadCount <= Limits.PayloadsPerEntryMax
        && message.PayloadBytes <= Limits.EntryBytesMax;

    private static Dependency DecodeDependency(Proto.ClockComponent c) =>
        new(DecodeLog(c.Log), DecodeSeq(c.Seq), DecodePrefix(c.IdPrefix));
}
