using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Google.Protobuf;
using LinqToDB;
using LinqToDB.Data;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How are a topic's events read, and rewritten, beside the plugin that wrote them? Akka replays a
/// journal from somewhere to somewhere, through an actor made for it; a read wants one row by its
/// key, and an erasure must change one.
/// </summary>
internal sealed class EventRows(JournalPlace place)
{
    private const string Where = "WHERE persistence_id = @id AND sequence_number = @number";

    /// <summary>The entries of one event.</summary>
    /// <exception cref="FormatException">There is no such event, or it was damaged.</exception>
    public static ImmutableArray<Entry> Read(DataConnection db, string journal, long number) =>
        [.. Event(db, journal, number).Entries.Select(EntryBytes.Decode)];

    /// <summary>
    /// Puts what stands there from now on in the place of payloads: the short form of erased ones,
    /// nothing for what was forgotten. Events are never changed otherwise; replayed, such a row
    /// gives the same topic.
    /// </summary>
    /// <remarks>
    /// SQLite overwrites what it frees (secure_delete), and its write-ahead log is emptied when
    /// the store is closed. PostgreSQL keeps the old row until it is vacuumed.
    /// </remarks>
    public void Erase(
        string journal, IEnumerable<long> numbers, Func<EntryId, ReadOnlyMemory<byte>?> insteadOf)
    {
        using var db = place.Open();
        if (place.IsSqlite)
        {
            db.Execute("PRAGMA secure_delete=1");
        }

        using var all = db.BeginTransaction();
        foreach (var number in numbers)
        {
            var stored = Event(db, journal, number);
            foreach (var entry in stored.Entries)
            {
                if (insteadOf(EntryId.Of(entry.Header.Span)) is { } bytes)
                {
                    entry.Payloads = UnsafeByteOperations.UnsafeWrap(bytes);
                }
            }

            db.Execute(
                $"UPDATE journal SET message = @message {Where}",
                [
                    new DataParameter("message", stored.ToByteArray(), DataType.VarBinary),
                    .. Key(journal, number),
                ]);
        }

        all.Commit();
    }

    private static Proto.Commit Event(DataConnection db, string journal, long number) =>
        db.Execute<byte[]?>($"SELECT message FROM journal {Where}", Key(journal, number)) is { } row
            ? Proto.Commit.Parser.ParseFrom(row)
            : throw new FormatException($"Event {number} of {journal} is missing.");

    private static DataParameter[] Key(string journal, long number) =>
    [
        new("id", journal, DataType.NVarChar), new("number", number, DataType.Int64),
    ];
}
