using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>What a sender states about logs: rows, digests of rows, and wants.</summary>
/// <remarks>
/// A malformed part makes the whole message malformed: it is the sender's own word.
/// </remarks>
internal static class RowDecoder
{
    /// <param name="body">The message they stand in.</param>
    /// <param name="field">Its field that holds them.</param>
    /// <param name="rowsLeft">How many more the frame may hold.</param>
    public static ImmutableArray<Row> Rows(
        ReadOnlyMemory<byte> body, int field, ref int rowsLeft)
    {
        var reader = new WireReader(body);
        var count = reader.Count(field);
        rowsLeft -= count;
        if (rowsLeft < 0)
        {
            throw new FormatException($"More than {WireLimits.RowsMax} rows in a frame.");
        }

        var rows = ImmutableArray.CreateBuilder<Row>(count);
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                rows.Add(Row(reader.Bytes));
            }
        }

        return rows.DrainToImmutable();
    }

    public static TopicDigest Digest(
        TopicId topic, ReadOnlyMemory<byte> body, ref int rowsLeft)
    {
        var (root, hasRows, isLast) = (default(Hash?), false, false);
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.TopicDigest.RootFieldNumber:
                    root = Hash.Read(reader.Bytes.Span);
                    break;
                case Proto.TopicDigest.HasRowsFieldNumber:
                    hasRows = reader.Varint != 0;
                    break;
                case Proto.TopicDigest.LastFieldNumber:
                    isLast = reader.Varint != 0;
                    break;
            }
        }

        return new(
            topic,
            root ?? throw new FormatException("A topic's digest needs a root."),
            hasRows,
            isLast,
            Rows(body, Proto.TopicDigest.RowsFieldNumber, ref rowsLeft));
    }

    /// <param name="body">The want.</param>
    /// <param name="headersLeft">How many more headers the frame may ask for.</param>
    public static Want Want(ReadOnlyMemory<byte> body, ref int headersLeft)
    {
        var (log, wantsProof) = (default(LogId), false);
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Want.LogFieldNumber:
                    log = Log(reader.Bytes);
                    break;
                case Proto.Want.ProofFieldNumber:
                    wantsProof = reader.Varint != 0;
                    break;
            }
        }

        return new(
            log ?? throw new FormatException("A want names no log."),
            Ranges(body, Proto.Want.RangesFieldNumber, 1),
            Seqs(body, Proto.Want.HeadersFieldNumber, ref headersLeft),
            wantsProof);
    }

    public static LogId Log(ReadOnlyMemory<byte> body)
    {
        var (incarnation, admissionSeq) = (0UL, 0UL);
        ReadOnlyMemory<byte> author = default, admissionId = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Log.AuthorFieldNumber:
                    author = reader.Bytes;
                    break;
                case Proto.Log.IncarnationFieldNumber:
                    incarnation = reader.Fixed64;
                    break;
                case Proto.Log.AdmissionSeqFieldNumber:
                    admissionSeq = reader.Varint;
                    break;
                case Proto.Log.AdmissionIdFieldNumber:
                    admissionId = reader.Bytes;
                    break;
            }
        }

        return new(
            Did.FromKey(author.Span),
            incarnation,
            admissionSeq == 0 && admissionId.IsEmpty
                ? Admission.None
                : new(EntryFormat.DecodeSeq(admissionSeq), new(Hash.Read(admissionId.Span))));
    }

    private static Row Row(ReadOnlyMemory<byte> body)
    {
        var (log, floor, head, closure) = (default(LogId), 0UL, 0UL, 0UL);
        ReadOnlyMemory<byte> headIdPrefix = default, digest = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Row.LogFieldNumber:
                    log = Log(reader.Bytes);
                    break;
                case Proto.Row.FloorFieldNumber:
                    floor = reader.Varint;
                    break;
                case Proto.Row.HeadFieldNumber:
                    head = reader.Varint;
                    break;
                case Proto.Row.HeadIdPrefixFieldNumber:
                    headIdPrefix = reader.Bytes;
                    break;
                case Proto.Row.ClosureFieldNumber:
                    closure = reader.Varint;
                    break;
                case Proto.Row.DigestFieldNumber:
                    digest = reader.Bytes;
                    break;
            }
        }

        var headSlot = head == 0 ? 0 : EntryFormat.DecodeSeq(head);
        var holdings = new Holdings(
            EntryFormat.DecodeSeq(floor),
            headSlot,
            Ranges(body, Proto.Row.IslandsFieldNumber, headSlot + 2));
        return new(
            log ?? throw new FormatException("A row names no log."),
            holdings,
            holdings.Head < holdings.Floor && headIdPrefix.IsEmpty ? 0 : Prefix(headIdPrefix),
            closure == 0 ? null : EntryFormat.DecodeSeq(closure),
            Prefix(digest));
    }

    /// <summary>One set of slots has one spelling: sorted, disjoint, with gaps between.</summary>
    private static IntervalSet Ranges(ReadOnlyMemory<byte> body, int field, long firstMin)
    {
        var reader = new WireReader(body);
        var count = reader.Count(field);
        if (count is 0 or > WireLimits.RangesMax)
        {
            return count == 0
                ? IntervalSet.Empty
                : throw new FormatException(
                    $"{count} ranges of one log; at most {WireLimits.RangesMax} are taken.");
        }

        var ranges = new SeqRange[count];
        var taken = 0;
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                var range = Range(reader.Bytes);
                if (range.First < firstMin)
                {
                    throw new FormatException($"The range {range} begins before {firstMin}.");
                }

                ranges[taken++] = range;
                firstMin = range.Last + 2;
            }
        }

        return IntervalSet.OfCanonical(ImmutableCollectionsMarshal.AsImmutableArray(ranges));
    }

    private static SeqRange Range(ReadOnlyMemory<byte> body)
    {
        var (first, count) = (0UL, 0UL);
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.SlotRange.FirstFieldNumber:
                    first = reader.Varint;
                    break;
                case Proto.SlotRange.CountFieldNumber:
                    count = reader.Varint;
                    break;
            }
        }

        var last = EntryFormat.DecodeSeq(first) + EntryFormat.DecodeSeq(count) - 1;
        return new(EntryFormat.DecodeSeq(first), last);
    }

    /// <summary>Packed, or one field each: both are protobuf. Counted, then kept.</summary>
    private static ImmutableArray<long> Seqs(
        ReadOnlyMemory<byte> body, int field, ref int headersLeft)
    {
        var count = ReadSeqs(body, field, []);
        headersLeft -= count;
        if (headersLeft < 0)
        {
            throw new FormatException(
                $"More than {WireLimits.HeadersMax} headers asked for in a frame.");
        }

        if (count == 0)
        {
            return [];
        }

        var seqs = new long[count];
        ReadSeqs(body, field, seqs);
        return ImmutableCollectionsMarshal.AsImmutableArray(seqs);
    }

    /// <summary>How many there are; as many are kept as there is room for.</summary>
    private static int ReadSeqs(ReadOnlyMemory<byte> body, int field, Span<long> kept)
    {
        var count = 0;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            if (reader.Field != field)
            {
                continue;
            }

            if (!reader.IsBytes)
            {
                Keep(reader.Varint, kept);
                continue;
            }

            var packed = new WireReader(reader.Bytes);
            while (!packed.IsAtEnd)
            {
                Keep(packed.NextVarint(), kept);
            }
        }

        return count;

        void Keep(ulong seq, Span<long> room)
        {
            if (count < room.Length)
            {
                room[count] = EntryFormat.DecodeSeq(seq);
            }

            count++;
        }
    }

    public static UInt128 Prefix(ReadOnlyMemory<byte> bytes) => bytes.Length == 16
        ? BinaryPrimitives.ReadUInt128BigEndian(bytes.Span)
        : throw new FormatException($"An id prefix or a digest is 16 bytes, not {bytes.Length}.");
}
