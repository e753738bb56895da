using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Whose word erased an entry's payloads? A signed statement about one id. In its short form it
/// stands where the payloads stood: the header, its signature, its id and the chain stay as they
/// were, and nobody needs to have heard of the erasure to believe it.
/// </summary>
public sealed record Erasure(Dot Dot, EntryId Entry, Did By, ReadOnlyMemory<byte> Signature)
{
    /// <summary>No payload list begins with it: a field of protobuf is at least 1.</summary>
    private const byte Mark = 0;

    internal const int FormBytes = 1 + Did.KeyBytes + SignedHeader.SignatureBytes;

    /// <summary>Of one statement, with what is around it.</summary>
    private const int FieldsMax = 64;

    private static readonly MessageParser<Proto.Erasures> Parser =
        Proto.Erasures.Parser.WithDiscardUnknownFields(true);

    /// <summary>What is signed.</summary>
    public static EntryId StatementOf(EntryId entry) =>
        new(Hash.Of("gossip/erasure/1", entry.Hash.ToArray()));

    /// <summary>
    /// Of two that are rightful, every node keeps this one's form if it is the lower.
    /// </summary>
    internal static bool IsLower(Erasure one, Erasure other) =>
        one.By.CompareTo(other.By) is var order && order != 0
            ? order < 0
            : one.Signature.Span.SequenceCompareTo(other.Signature.Span) < 0;

    internal static bool IsForm(ReadOnlySpan<byte> payloadList) =>
        payloadList.Length == FormBytes && payloadList[0] == Mark;

    /// <summary>What stands in an erased entry; null for an entry that has its payloads.</summary>
    internal static Erasure? Of(Entry entry)
    {
        var list = entry.PayloadList;
        return IsForm(list.Span) && Did.TryFromKey(list.Span[1..(1 + Did.KeyBytes)], out var by)
            ? new(entry.Dot, entry.Id, by, list[(1 + Did.KeyBytes)..])
            : null;
    }

    /// <summary>What stands where the payloads stood.</summary>
    internal byte[] ToForm() => [Mark, .. By.Key, .. Signature.Span];

    /// <summary>The data of the payload that carries it.</summary>
    internal byte[] Encode() => new Proto.Erasures
    {
        Erasures_ =
        {
            new Proto.Erasure
            {
                Log = EntryFormat.Encode(Dot.Log),
                Seq = (ulong)Dot.Seq,
                Id = EntryFormat.ToBytes(Entry.Hash),
                By = ByteString.CopyFrom(By.Key),
                Signature = ByteString.CopyFrom(Signature.Span),
            },
        },
    }.ToByteArray();

    /// <summary>What an entry says that erases others; nothing, when it cannot be read.</summary>
    internal static IReadOnlyList<Erasure> In(Entry carrier)
    {
        try
        {
            return carrier.Header.Erases
                && EntryFormat.DecodePayloads(carrier.PayloadList) is [var payload]
                && WireGuard.Fits(payload.Data.Span, Proto.Erasures.Descriptor, FieldsMax)
                    ? [.. Parser.ParseFrom(payload.Data.Span).Erasures_.Select(Decode)]
                    : [];
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException
            or ArgumentException)
        {
            return [];
        }
    }

    private static Erasure Decode(Proto.Erasure message) =>
        message is { Log: not null, Signature.Length: SignedHeader.SignatureBytes }
            ? new(
                new(RowDecoder.Log(message.Log.ToByteArray()), EntryFormat.DecodeSeq(message.Seq)),
                new(Hash.Read(message.Id.Span)),
                Did.FromKey(message.By.Span),
                message.Signature.ToByteArray())
            : throw new FormatException("An erasure comes with its signature.");

    public bool Equals(Erasure? other) => other is not null
        && (Dot, Entry) == (other.Dot, other.Entry)
        && By.Equals(other.By)
        && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => HashCode.Combine(Entry, By);
}
