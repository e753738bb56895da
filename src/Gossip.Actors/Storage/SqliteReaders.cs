using System.Collections.Immutable;
using System.Globalization;
using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>How do readers and publish keys lie in the tables?</summary>
internal static class SqliteReaders
{
    private const string TopicNumber = "(SELECT number FROM topics WHERE id = ?1)";

    private const string Query =
        "SELECT name, position, skipped, snapshot, taken_back FROM readers "
        + $"WHERE topic = {TopicNumber} AND kind = ?2 ";

    public static ImmutableArray<ReaderRecord> Read(
        SqliteSession session, TopicId topic, ReaderKind kind) =>
    [
        .. session.Rows($"{Query} ORDER BY name", topic.Hash.ToArray(), (long)kind)
            .Select(row => Of(kind, row)),
    ];

    public static ReaderRecord? Find(
        SqliteSession session, TopicId topic, ReaderKind kind, string name) => session
        .Rows($"{Query} AND name = ?3", topic.Hash.ToArray(), (long)kind, name)
        .Select(row => Of(kind, row))
        .SingleOrDefault();

    public static void Write(SqliteSession session, TopicId topic, ReaderRecord reader) =>
        session.Run(
            "INSERT INTO readers(topic, kind, name, position, taken_back, skipped, snapshot) "
            + $"VALUES({TopicNumber}, ?2, ?3, ?4, ?5, ?6, ?7) "
            + "ON CONFLICT(topic, kind, name) DO UPDATE SET position = excluded.position, "
            + "taken_back = excluded.taken_back, skipped = excluded.skipped, "
            + "snapshot = excluded.snapshot",
            topic.Hash.ToArray(),
            (long)reader.Kind,
            reader.Name,
            reader.Position,
            reader.TakenBack,
            string.Join(',', reader.Skipped),
            reader.Snapshot is { } snapshot ? SqliteSession.Blob(snapshot) : null);

    public static void Remove(
        SqliteSession session, TopicId topic, ReaderKind kind, string name) =>
        session.Run(
            $"DELETE FROM readers WHERE topic = {TopicNumber} AND kind = ?2 AND name = ?3",
            topic.Hash.ToArray(),
            (long)kind,
            name);

    public static long TakenBack(SqliteSession session, TopicId topic) => session
        .Rows("SELECT taken_back FROM topics WHERE id = ?1", topic.Hash.ToArray())
        .Select(row => row.GetInt64(0))
        .SingleOrDefault();

    public static Publication? FindKey(SqliteSession session, TopicId topic, PublishKey key) =>
        session.Rows(
            $"SELECT {SqliteRows.LogColumns}, keys.seq, first, count, keys.id, keys.position "
            + "FROM keys JOIN logs ON logs.number = keys.log "
            + $"WHERE keys.topic = {TopicNumber} AND key = ?2 "
            + "AND (closed_at IS NULL OR keys.seq < closed_at)",
            topic.Hash.ToArray(),
            key.Value)
            .Select(row => new Publication(
                SqliteRows.Id(row, 7),
                new(SqliteRows.Log(row, 0), row.GetInt64(4)),
                row.GetInt32(5),
                row.GetInt32(6),
                row.GetInt64(8)))
            .SingleOrDefault();

    /// <summary>Replaces only what is disputed: that publish never counted.</summary>
    public static void WriteKey(SqliteSession session, long topic, long log, KeyRecord record)
    {
        var written = session.Run(
            "INSERT INTO keys(topic, key, log, seq, first, count, id, position) "
            + "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(topic, key) DO UPDATE SET "
            + "log = excluded.log, seq = excluded.seq, first = excluded.first, "
            + "count = excluded.count, id = excluded.id, position = excluded.position "
            + "WHERE keys.seq >= (SELECT closed_at FROM logs WHERE number = keys.log)",
            topic,
            record.Key.Value,
            log,
            record.Publication.Dot.Seq,
            record.Publication.First,
            record.Publication.Count,
            record.Publication.Entry.Hash.ToArray(),
            record.Publication.Position);
        Invariant.Holds(written == 1, $"key {record.Key} is already used.");
    }

    private static ReaderRecord Of(ReaderKind kind, SqliteDataReader row) =>
        new(kind, row.GetString(0), row.GetInt64(1))
        {
            Skipped =
            [
                .. row.GetString(2)
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(p => long.Parse(p, CultureInfo.InvariantCulture)),
            ],
            TakenBack = row.GetInt64(4),
            Snapshot = row.IsDBNull(3) ? (ReadOnlyMemory<byte>?)null : SqliteRows.Bytes(row, 3),
        };
}
