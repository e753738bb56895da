using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>
/// What is committed? A few connections that only read, beside the writer; each question is one
/// statement, so it sees one moment.
/// </summary>
internal sealed class SqliteReads(string file) : IAsyncDisposable
{
    /// <summary>More would only compete for the same disk and cores.</summary>
    private const int ConnectionsMax = 4;

    private const string LogNumber =
        "(SELECT number FROM logs WHERE topic = (SELECT number FROM topics WHERE id = ?1) "
        + "AND author = ?2 AND incarnation = ?3 AND admission_seq = ?4 AND admission_id = ?5)";

    public const string DeliveredQuery =
        $"SELECT position, size, {SqliteRows.EntryColumns}, "
        + "EXISTS(SELECT 1 FROM late WHERE late.topic = entries.topic "
        + "AND late.position = entries.position) FROM entries "
        + "WHERE topic = (SELECT number FROM topics WHERE id = ?1) AND position > ?2 "
        + "ORDER BY position LIMIT ?3";

    private readonly SqliteRows _rows = new(file);
    private readonly SemaphoreSlim _room = new(ConnectionsMax);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _isClosed;

    public Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop) => WithAsync(
        ImmutableArray<TopicRef> (session) =>
        [
            .. session.Rows("SELECT id, name FROM topics ORDER BY name")
                .Select(row => new TopicRef(
                    new(SqliteRows.Id(row, 0).Hash), new TopicName(row.GetString(1)))),
        ],
        stop);

    public Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop) => WithAsync(
        session => Page(
            session.Rows(
                $"SELECT size, {SqliteRows.EntryColumns} FROM entries WHERE log = {LogNumber} "
                + "AND seq >= ?6 AND seq <= ?7 ORDER BY seq LIMIT ?8",
                Key(topic, log, slots, entriesMax)),
            row => row.GetInt64(0),
            row => _rows.Entry(row, 1),
            bytesMax),
        stop);

    public Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop) => WithAsync(
        ImmutableArray<SignedHeader> (session) =>
        [
            .. session.Rows(
                $"SELECT {SqliteRows.HeaderColumns} FROM entries WHERE log = {LogNumber} "
                + "AND seq >= ?6 AND seq <= ?7 ORDER BY seq LIMIT ?8",
                Key(topic, log, slots, max))
                .Select(row => _rows.HeldHeader(row, 0)),
        ],
        stop);

    public Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop) =>
        WithAsync(
        session => Page(
            session.Rows(DeliveredQuery, topic.Hash.ToArray(), after, Math.Max(0, entriesMax)),
            row => row.GetInt64(1),
            row => new DeliveredEntry(row.GetInt64(0), _rows.Entry(row, 2))
            {
                IsLate = row.GetBoolean(6),
            },
            bytesMax),
        stop);

    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) => WithAsync(
        session => session
            .Rows(
                $"SELECT {SqliteRows.EntryColumns} FROM entries WHERE id = ?1 LIMIT 1",
                id.Hash.ToArray())
            .Select(row => _rows.Entry(row, 0))
            .FirstOrDefault(),
        stop);

    public Task<long> CountAsync(
        TopicId topic, LogId log, SeqRange slots, CancellationToken stop) => WithAsync(
        session => (long)session.Scalar(
            $"SELECT count(*) FROM entries WHERE log = {LogNumber} AND seq >= ?6 AND seq <= ?7",
            [topic.Hash.ToArray(), .. SqliteRows.Key(log), slots.First, slots.Last])!,
        stop);

    public Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop) =>
        WithAsync(
        session => LogTally.Sum(session
            .Rows(
                "SELECT entries, payloads, bytes, oldest, newest FROM logs "
                + "WHERE topic = (SELECT number FROM topics WHERE id = ?1)",
                topic.Hash.ToArray())
            .Select(row => SqliteRows.Tally(row, 0))),
        stop);

    /// <summary>Waits for the reads that run, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < ConnectionsMax; i++)
        {
            await _room.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        // Whoever still waits for room finds the store closed.
        _room.Release(ConnectionsMax);
    }

    /// <summary>Off the caller's thread: the disk may make it wait.</summary>
    public async Task<T> WithAsync<T>(Func<SqliteSession, T> read, CancellationToken stop)
    {
        await _room.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => With(read), stop).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    private T With<T>(Func<SqliteSession, T> read)
    {
        if (_isClosed)
        {
            throw SqliteErrors.Closed(file);
        }

        using var _ = Stages.Measure(Stage.Read);
        SqliteSession? session = null;
        try
        {
            session = _idle.TryTake(out var idle) ? idle : SqliteSession.OpenReader(file);
            var result = read(session);
            _idle.Add(session);
            return result;
        }
        catch (Exception e)
        {
            // A connection that failed may be in any state; the next read opens a fresh one.
            session?.Dispose();
            if (SqliteErrors.Map(e, file) is var mapped && mapped != e)
            {
                throw mapped;
            }

            throw;
        }
    }

    private static object?[] Key(TopicId topic, LogId log, SeqRange slots, int max) =>
    [
        topic.Hash.ToArray(), .. SqliteRows.Key(log), slots.First, slots.Last, Math.Max(0, max),
    ];

    private static ImmutableArray<T> Page<T>(
        IEnumerable<SqliteDataReader> rows,
        Func<SqliteDataReader, long> sizeOf,
        Func<SqliteDataReader, T> read,
        int bytesMax)
    {
        var page = ImmutableArray.CreateBuilder<T>();
        long bytes = 0;
        foreach (var row in rows)
        {
            bytes += sizeOf(row);
            if (page.Count > 0 && bytes > bytesMax)
            {
                break;
            }

            page.Add(read(row));
        }

        return page.DrainToImmutable();
    }
}
