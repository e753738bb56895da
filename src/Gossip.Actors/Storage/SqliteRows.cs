using System.Globalization;
using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>
/// How does a row become what it stands for? Bytes that do not say so are corruption.
/// </summary>
internal sealed class SqliteRows(string file)
{
    /// <summary>What <see cref="Log"/> reads, from the first column on.</summary>
    public const string LogColumns = "author, incarnation, admission_seq, admission_id";

    /// <summary>What <see cref="Record"/> reads, with the log's columns before.</summary>
    public const string RecordColumns = LogColumns
        + ", floor, head, head_id, delivered, delivered_id, closed_at"
        + ", proof_first, proof_first_signature, proof_second, proof_second_signature, policy_end"
        + ", lost, floor_max";

    public const string HeaderColumns = "id, header, signature";

    public const string EntryColumns = HeaderColumns + ", payloads";

    public static byte[] Bytes(SqliteDataReader row, int column) =>
        row.GetFieldValue<byte[]>(column);

    public static EntryId Id(SqliteDataReader row, int column) =>
        new(Hash.Read(Bytes(row, column)));

    public static LogTally Tally(SqliteDataReader row, int column) => new(
        row.GetInt64(column),
        row.GetInt64(column + 1),
        row.GetInt64(column + 2),
        row.GetInt64(column + 3),
        row.GetInt64(column + 4));

    public static LogId Log(SqliteDataReader row, int column) => new(
        Did.FromKey(Bytes(row, column)),
        unchecked((ulong)row.GetInt64(column + 1)),
        new(row.GetInt64(column + 2), Id(row, column + 3)));

    public static object?[] Key(LogId log) =>
    [
        log.Author.Key.ToArray(),
        unchecked((long)log.Incarnation),
        log.Admission.Seq,
        log.Admission.Id.Hash.ToArray(),
    ];

    public LogRecord Record(SqliteDataReader row, int column) => new()
    {
        Log = Log(row, column),
        Floor = row.GetInt64(column + 4),
        Head = row.GetInt64(column + 5),
        HeadId = Id(row, column + 6),
        Delivered = row.GetInt64(column + 7),
        DeliveredId = Id(row, column + 8),
        Closure = row.IsDBNull(column + 10) ? null : ClosureOf(row, column + 10),
        PolicyEnd = row.IsDBNull(column + 14) ? long.MaxValue : row.GetInt64(column + 14),
        Lost = Slots(row.GetString(column + 15)),
        FloorMax = row.GetInt64(column + 16),
    };

    /// <summary>"2-5 9-9": ranges of slots, both ends included.</summary>
    public static string Text(IntervalSet slots) =>
        string.Join(' ', slots.Select(r => FormattableString.Invariant($"{r.First}-{r.Last}")));

    private IntervalSet Slots(string text)
    {
        try
        {
            return IntervalSet.Of(
                from range in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                let ends = range.Split('-')
                select new SeqRange(Number(ends[0]), Number(ends[1])));
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            throw SqliteErrors.Corrupt(file, $"'{text}' are no slots");
        }

        static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private Closure ClosureOf(SqliteDataReader row, int column)
    {
        var proof = new ForkProof(Header(row, column), Header(row, column + 2));
        return proof.Slot is { } slot
            ? new(slot, proof)
            : throw SqliteErrors.Corrupt(file, "a stored proof proves nothing");
    }

    /// <summary>From <see cref="EntryColumns"/>.</summary>
    public Entry Entry(SqliteDataReader row, int column) =>
        new(HeldHeader(row, column), Bytes(row, column + 3));

    /// <summary>The id is computed again, so a bit that rotted on disk is never served.</summary>
    public SignedHeader HeldHeader(SqliteDataReader row, int column)
    {
        var header = Header(row, column + 1);
        return header.Id == Id(row, column)
            ? header
            : throw SqliteErrors.Corrupt(file, $"{header.Header.Dot} changed since it was stored");
    }

    private SignedHeader Header(SqliteDataReader row, int column)
    {
        var bytes = Bytes(row, column);
        return EntryFormat.TryDecodeHeader(bytes, out var header)
            ? new(header, EntryId.Of(bytes), bytes, Bytes(row, column + 1))
            : throw SqliteErrors.Corrupt(file, "a stored header cannot be read");
    }
}
