using System.Collections.Immutable;
using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>
/// What does an entry's header say? Read by hand, since a parser would make objects of every field
/// first: a clock costs what is kept of it.
/// </summary>
internal static class HeaderDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">Not a whole, well-formed header.</exception>
    public static Header Read(ReadOnlyMemory<byte> bytes)
    {
        var (seq, time, count, size) = (0UL, 0UL, 0UL, 0UL);
        var (isEnd, isPolicy, erases) = (false, false, false);
        ReadOnlyMemory<byte> network = default, topic = default, prev = default, hash = default;
        ReadOnlyMemory<byte> successor = default, signature = default;
        LogId? log = null;
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Header.NetworkFieldNumber:
                    network = reader.Bytes;
                    break;
                case Proto.Header.TopicFieldNumber:
                    topic = reader.Bytes;
                    break;
                case Proto.Header.LogFieldNumber:
                    log = RowDecoder.Log(reader.Bytes);
                    break;
                case Proto.Header.SeqFieldNumber:
                    seq = reader.Varint;
                    break;
                case Proto.Header.PrevFieldNumber:
                    prev = reader.Bytes;
                    break;
                case Proto.Header.TimeMsFieldNumber:
                    time = reader.Varint;
                    break;
                case Proto.Header.PayloadCountFieldNumber:
                    count = reader.Varint;
                    break;
                case Proto.Header.PayloadBytesFieldNumber:
                    size = reader.Varint;
                    break;
                case Proto.Header.PayloadHashFieldNumber:
                    hash = reader.Bytes;
                    break;
                case Proto.Header.EndFieldNumber:
                    isEnd = reader.Varint != 0;
                    break;
                case Proto.Header.PolicyFieldNumber:
                    isPolicy = reader.Varint != 0;
                    break;
                case Proto.Header.SuccessorFieldNumber:
                    successor = reader.Bytes;
                    break;
                case Proto.Header.SuccessorSignatureFieldNumber:
                    signature = reader.Bytes;
                    break;
                case Proto.Header.ErasesFieldNumber:
                    erases = reader.Varint != 0;
                    break;
            }
        }

        return new Header
        {
            Network = Name(network),
            Topic = new(Hash.Read(topic.Span)),
            Log = log ?? throw new FormatException("A header names no log."),
            Seq = EntryFormat.DecodeSeq(seq),
            Prev = Prev(prev, seq),
            Clock = Clock(bytes),
            Time = (long)AtMost(Limits.TimeMax, time, "A time"),
            PayloadCount = (int)AtMost(Limits.PayloadsPerEntryMax, count, "A payload count"),
            PayloadBytes = (int)AtMost(Limits.EntryBytesMax, size, "A payload size"),
            PayloadHash = Hash.Read(hash.Span),
            IsEnd = isEnd,
            IsPolicy = isPolicy,
            Rotation = Rotation(successor, signature),
            Erases = erases,
        };
    }

    private static ImmutableArray<Dependency> Clock(ReadOnlyMemory<byte> header)
    {
        var reader = new WireReader(header);
        var count = reader.Count(Proto.Header.ClockFieldNumber);
        if (count is 0 or > Limits.ClockComponentsMax)
        {
            return count == 0
                ? []
                : throw new FormatException($"A clock of {count} components.");
        }

        var clock = ImmutableArray.CreateBuilder<Dependency>(count);
        while (reader.Next())
        {
            if (reader.Field == Proto.Header.ClockFieldNumber)
            {
                clock.Add(Component(reader.Bytes));
            }
        }

        return clock.MoveToImmutable();
    }

    private static Dependency Component(ReadOnlyMemory<byte> body)
    {
        var (log, seq) = (default(LogId), 0UL);
        ReadOnlyMemory<byte> idPrefix = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.ClockComponent.LogFieldNumber:
                    log = RowDecoder.Log(reader.Bytes);
                    break;
                case Proto.ClockComponent.SeqFieldNumber:
                    seq = reader.Varint;
                    break;
                case Proto.ClockComponent.IdPrefixFieldNumber:
                    idPrefix = reader.Bytes;
                    break;
            }
        }

        return new(
            log ?? throw new FormatException("A clock component names no log."),
            EntryFormat.DecodeSeq(seq),
            RowDecoder.Prefix(idPrefix));
    }

    /// <summary>Both fields or neither.</summary>
    private static Rotation? Rotation(
        ReadOnlyMemory<byte> successor, ReadOnlyMemory<byte> signature) =>
        successor.IsEmpty && signature.IsEmpty ? null
        : signature.Length == SignedHeader.SignatureBytes
            ? new(Did.FromKey(successor.Span), signature.ToArray())
        : throw new FormatException("A successor comes with its signature.");

    private static string Name(ReadOnlyMemory<byte> network) =>
        network.Length is >= 1 and <= Limits.NetworkBytesMax
            ? StrictUtf8.GetString(network.Span)
            : throw new FormatException($"A network's name of {network.Length} bytes.");

    /// <summary>Only the first entry of a log has no prev.</summary>
    private static EntryId Prev(ReadOnlyMemory<byte> prev, ulong seq) =>
        prev.IsEmpty != (seq == 1) ? throw new FormatException("Only seq 1 has no prev.")
        : prev.IsEmpty ? EntryId.None
        : new(Hash.Read(prev.Span));

    private static ulong AtMost(long max, ulong value, string what) => value <= (ulong)max
        ? value
        : throw new FormatException($"{what} is {max} at most, not {value}.");
}
