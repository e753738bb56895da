using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// How much does each part of a log hold that is forgotten together, and how is it forgotten?
/// </summary>
internal static class SqliteSegments
{
    private const string Below = "FROM entries WHERE log = ?1 AND seq < ?2";

    /// <summary>One row for each thousand entries, written once a commit.</summary>
    public static void Add(SqliteSession session, Batch batch, Func<LogId, long> numberOf)
    {
        foreach (var part in batch.Entries
            .GroupBy(e => (e.Header.Log, Number: Segment.NumberOf(e.Header.Seq))))
        {
            session.Run(
                "INSERT INTO segments(log, number, entries, bytes, newest) "
                + "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(log, number) DO UPDATE SET "
                + "entries = entries + excluded.entries, bytes = bytes + excluded.bytes, "
                + "newest = max(newest, excluded.newest)",
                numberOf(part.Key.Log),
                part.Key.Number,
                part.Count(),
                part.Sum(e => (long)e.Size),
                part.Max(e => Math.Min(e.Header.Time, batch.Arrived)));
        }
    }

    /// <summary>Payloads were erased, and so many bytes with them.</summary>
    public static void Shrink(SqliteSession session, SqliteLog log, long seq, long bytes) =>
        session.Run(
            "UPDATE segments SET bytes = bytes - ?3 WHERE log = ?1 AND number = ?2",
            log.Number,
            Segment.NumberOf(seq),
            bytes);

    /// <summary>Forgets what lies below the floor.</summary>
    public static void Trim(SqliteSession session, long topic, SqliteLog log, long floor)
    {
        var gone = session
            .Rows(
                "SELECT count(*), ifnull(sum(payload_count), 0), ifnull(sum(size), 0) " + Below,
                log.Number,
                floor)
            .Select(row => new LogTally(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), 0, 0))
            .Single();
        session.Run(
            "DELETE FROM late WHERE topic = ?3 AND position IN (SELECT position " + Below + ")",
            log.Number,
            floor,
            topic);
        session.Run("DELETE " + Below, log.Number, floor);
        session.Run(
            "DELETE FROM segments WHERE log = ?1 AND number < ?2",
            log.Number,
            Segment.NumberOf(floor));
        var oldest = session.Scalar(
            "SELECT time FROM entries WHERE log = ?1 ORDER BY seq LIMIT 1", log.Number);
        log.Tally = log.Tally.Without(gone, oldest as long? ?? 0);
        log.FloorMax = floor;
    }

    public static ImmutableArray<Segment> Read(SqliteSession session, TopicId topic) =>
    [
        .. session
            .Rows(
                $"SELECT {SqliteRows.LogColumns}, s.number, s.entries, s.bytes, s.newest, "
                + "(s.number + 1) * 1024 <= min(delivered, head) "
                + "FROM segments s JOIN logs ON logs.number = s.log "
                + "WHERE topic = (SELECT number FROM topics WHERE id = ?1)",
                topic.Hash.ToArray())
            .Select(row => new Segment(
                SqliteRows.Log(row, 0), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt64(7))
            {
                CanGo = row.GetBoolean(8),
            }),
    ];
}
