using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>How are payloads erased from the tables, and what is kept about it?</summary>
internal static class SqliteErasures
{
    private const string Columns = SqliteRows.LogColumns + ", seq, id, erased_by, signature";

    /// <summary>An entry without payloads for readers has none to lose, unless it is erased: of
    /// two forms the lower stays.</summary>
    private const string Find =
        "SELECT number, payload_count, length(payloads) FROM entries "
        + "WHERE log = ?1 AND seq = ?2 AND id = ?3 AND (payload_count > 0 "
        + "OR (length(payloads) = length(?4) AND substr(payloads, 1, 1) = x'00' "
        + "AND payloads > ?4))";

    public static void Keep(SqliteSession session, long topic, Erasure erasure) => session.Run(
        $"INSERT INTO erasures(topic, {Columns}) "
        + "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        [
            topic, .. SqliteRows.Key(erasure.Dot.Log), erasure.Dot.Seq,
            erasure.Entry.Hash.ToArray(), erasure.By.Key.ToArray(),
            SqliteSession.Blob(erasure.Signature),
        ]);

    public static IEnumerable<Erasure> Read(SqliteSession session, long topic) => session
        .Rows($"SELECT {Columns} FROM erasures WHERE topic = ?1 ORDER BY number", topic)
        .Select(Read);

    /// <summary>True when the log's tally changed.</summary>
    public static bool Apply(SqliteSession session, SqliteLog log, Erasure erasure)
    {
        var form = erasure.ToForm();
        var held = session
            .Rows(Find, log.Number, erasure.Dot.Seq, erasure.Entry.Hash.ToArray(), form)
            .Select(row => (row.GetInt64(0), Payloads: row.GetInt32(1), Bytes: row.GetInt64(2)))
            .ToArray();
        if (held is not [var (number, payloads, bytes)])
        {
            return false;
        }

        var less = bytes - form.Length;
        session.Run(
            "UPDATE entries SET payloads = ?2, payload_count = 0, size = size - ?3 "
            + "WHERE number = ?1",
            number,
            form,
            less);
        SqliteSegments.Shrink(session, log, erasure.Dot.Seq, less);
        if (!log.IsDisputed(erasure.Dot.Seq))
        {
            log.Tally = log.Tally.Less(payloads, less);
        }

        return true;
    }

    private static Erasure Read(SqliteDataReader row) => new(
        new(SqliteRows.Log(row, 0), row.GetInt64(4)),
        SqliteRows.Id(row, 5),
        Did.FromKey(SqliteRows.Bytes(row, 6)),
        SqliteRows.Bytes(row, 7));
}
