using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Wire = Gossip.Actors.Wire.Proto;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How do entries, proofs and erasures lie in an event? As on the wire: what their author signed
/// is copied, never spelled again, and an id is always computed from the bytes that were found.
/// </summary>
internal static class EntryBytes
{
    public static Wire.Entry Encode(Entry entry) => new()
    {
        Header = Wrap(entry.SignedHeader.HeaderBytes),
        Signature = Wrap(entry.SignedHeader.Signature),
        Payloads = Wrap(entry.PayloadList),
    };

    public static Entry Decode(Wire.Entry entry) =>
        new(Header(entry.Header, entry.Signature), entry.Payloads.Memory);

    public static Wire.ForkProof Encode(ForkProof proof) => new()
    {
        First = Encode(proof.First),
        Second = Encode(proof.Second),
    };

    public static ForkProof Decode(Wire.ForkProof proof) => new(
        Header(proof.First.Header, proof.First.Signature),
        Header(proof.Second.Header, proof.Second.Signature));

    public static Wire.Erasure Encode(Erasure erasure) => new()
    {
        Log = EntryFormat.Encode(erasure.Dot.Log),
        Seq = (ulong)erasure.Dot.Seq,
        Id = EntryFormat.ToBytes(erasure.Entry.Hash),
        By = ByteString.CopyFrom(erasure.By.Key),
        Signature = Wrap(erasure.Signature),
    };

    public static Erasure Decode(Wire.Erasure erasure) => new(
        new(Decode(erasure.Log), (long)erasure.Seq),
        new(Hash.Read(erasure.Id.Span)),
        Did.FromKey(erasure.By.Span),
        erasure.Signature.Memory);

    public static LogId Decode(Wire.Log log) => RowDecoder.Log(log.ToByteArray());

    private static Wire.SignedHeader Encode(SignedHeader header) => new()
    {
        Header = Wrap(header.HeaderBytes),
        Signature = Wrap(header.Signature),
    };

    private static SignedHeader Header(ByteString header, ByteString signature) =>
        EntryFormat.TryDecodeHeader(header.Memory, out var decoded)
            ? new(decoded, EntryId.Of(header.Span), header.Memory, signature.Memory)
            : throw new FormatException("A journaled header cannot be read.");

    /// <summary>Bytes of entries never change, so they need no copy.</summary>
    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) =>
        UnsafeByteOperations.UnsafeWrap(bytes);
}
