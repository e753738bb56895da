using Gossip.Actors.Protocol;
using Google.Protobuf;
using LinqToDB;
using LinqToDB.Data;

namespace Gossip.Akka.Persistence;

/// <summary>
/// How do erased payloads leave the journal? Events are never changed otherwise, and Akka has no
/// way to: the rows that hold such payloads are rewritten beside it, with the short form that
/// stands there from now on. Replayed, such a row gives the same topic.
/// </summary>
/// <remarks>
/// SQLite overwrites what it frees (secure_delete), and its write-ahead log is emptied when the
/// store is closed. PostgreSQL keeps the old row until it is vacuumed.
/// </remarks>
internal sealed class ErasedRows(JournalPlace place)
{
    private const string Where = "WHERE persistence_id = @id AND sequence_number = @number";

    /// <summary>Takes the entries as they are held now.</summary>
    public void Rewrite(
        string persistenceId, IReadOnlyCollection<long> numbers, Func<EntryId, Entry?> find)
    {
        using var db = place.Open();
        if (place.IsSqlite)
        {
            db.Execute("PRAGMA secure_delete=1");
        }

        foreach (var number in numbers)
        {
            var id = new DataParameter("id", persistenceId, DataType.NVarChar);
            var at = new DataParameter("number", number, DataType.Int64);
            var stored = Proto.Commit.Parser.ParseFrom(
                db.Execute<byte[]>($"SELECT message FROM journal {Where}", id, at));
            foreach (var entry in stored.Entries)
            {
                if (find(EntryId.Of(entry.Header.Span)) is { IsErased: true } erased)
                {
                    entry.Payloads = UnsafeByteOperations.UnsafeWrap(erased.PayloadList);
                }
            }

            db.Execute(
                $"UPDATE journal SET message = @message {Where}",
                new DataParameter("message", stored.ToByteArray(), DataType.VarBinary), id, at);
        }
    }
}
