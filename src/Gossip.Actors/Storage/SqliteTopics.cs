using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>
/// What does the writer know of topics and logs without asking the file each time? Only the
/// writer's thread uses it. What a rollback made wrong is forgotten and read again.
/// </summary>
internal sealed class SqliteTopics(SqliteSession session, SqliteRows rows)
{
    public const string IslandsQuery =
        "SELECT seq, id, prev FROM entries WHERE log = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq";

    private const string EdgeQuery =
        "SELECT seq, id, prev FROM entries WHERE log = ?1 AND seq = ?2";

    private readonly Dictionary<TopicId, SqliteTopic> _known = [];
    private readonly Dictionary<TopicId, long> _generations = [];

    public void Forget(TopicId topic) => _known.Remove(topic);

    public void ForgetAll() => _known.Clear();

    public void Advance(TopicId topic, object name, long generation)
    {
        if (_generations.TryGetValue(topic, out var newest) && generation < newest)
        {
            throw CommitRules.Superseded(name, generation, newest);
        }

        _generations[topic] = generation;
    }

    public void Join(TopicRef topic)
    {
        var id = topic.Id.Hash.ToArray();
        session.Run(
            "INSERT INTO topics(id, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
            id,
            topic.Name.Value);
        if (session.Scalar("SELECT name FROM topics WHERE id = ?1", id) is null)
        {
            throw CommitRules.Named(topic);
        }
    }

    public SqliteTopic Get(TopicId topic, object name)
    {
        if (_known.TryGetValue(topic, out var known))
        {
            return known;
        }

        known = session
            .Rows("SELECT number, position FROM topics WHERE id = ?1", topic.Hash.ToArray())
            .Select(row => new SqliteTopic(row.GetInt64(0)) { Position = row.GetInt64(1) })
            .SingleOrDefault() ?? throw CommitRules.TopicUnknown(name);
        var logs = session.Rows(
            $"SELECT {SqliteRows.LogColumns}, number, closed_at, entries, payloads, bytes, oldest, "
            + "newest, floor_max FROM logs WHERE topic = ?1",
            known.Number);
        foreach (var row in logs)
        {
            known.Logs.Add(SqliteRows.Log(row, 0), new(row.GetInt64(4))
            {
                ClosedAt = row.IsDBNull(5) ? null : row.GetInt64(5),
                Tally = SqliteRows.Tally(row, 6),
                FloorMax = row.GetInt64(11),
            });
        }

        return _known[topic] = known;
    }

    public TopicRecord Load(TopicRef wanted, long generation)
    {
        var (id, name) = wanted;
        var topic = Get(id, name);
        Advance(id, name, generation);
        var own = session.Scalar(
            "SELECT own_incarnation FROM topics WHERE number = ?1", topic.Number);
        var records = session
            .Rows($"SELECT {SqliteRows.RecordColumns} FROM logs WHERE topic = ?1", topic.Number)
            .Select(row => rows.Record(row, 0))
            .OrderBy(record => record.Log)
            .ToImmutableArray();
        return new()
        {
            Topic = id,
            Name = name,
            OwnIncarnation = own is long value ? unchecked((ulong)value) : null,
            Position = topic.Position,
            Logs = records,
            Islands = [.. records.SelectMany(r => Islands(topic.Logs[r.Log].Number, r))],
            Policies =
            [
                .. session
                    .Rows(
                        $"SELECT {SqliteRows.EntryColumns} FROM policies WHERE topic = ?1 "
                        + "ORDER BY number",
                        topic.Number)
                    .Select(row => rows.Entry(row, 0)),
            ],
            Erasures = [.. SqliteErasures.Read(session, topic.Number)],
        };
    }

    /// <summary>A range of the index: what lies at or below the head is never looked at.</summary>
    private IEnumerable<Island> Islands(long log, LogRecord record) => session
        .Rows(IslandsQuery, log, record.Head, record.ClosedAt ?? long.MaxValue)
        .Select(row => Island(record.Log, row))
        .Concat(record.Edges.SelectMany(seq => session
            .Rows(EdgeQuery, log, seq)
            .Select(row => Island(record.Log, row))));

    private static Island Island(LogId log, SqliteDataReader row) =>
        new(new(log, row.GetInt64(0)), SqliteRows.Id(row, 1), SqliteRows.Id(row, 2));
}

/// <summary>One topic as the writer knows it.</summary>
internal sealed class SqliteTopic(long number)
{
    public long Number => number;

    /// <summary>The last one given out.</summary>
    public long Position { get; set; }

    public Dictionary<LogId, SqliteLog> Logs { get; } = [];
}

/// <summary>One log as the writer knows it.</summary>
internal sealed class SqliteLog(long number)
{
    public long Number => number;

    public long? ClosedAt { get; set; }

    public LogTally Tally { get; set; }

    /// <summary>What was stored below it was forgotten.</summary>
    public long FloorMax { get; set; } = 1;

    public bool IsDisputed(long seq) => seq >= ClosedAt;
}
