using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>What survives a crash and a loss of power? Everything in one SQLite file.</summary>
public sealed class SqliteStore : IEntryStore
{
    public const string FileName = "gossip.db";

    private readonly string _file;
    private readonly SqliteReads _reads;
    private readonly DeliveredTail _tail = new();
    private int _isClosed;

    private SqliteStore(string file, SqliteWriter writer, string? movedReason)
    {
        (_file, Writer, MovedReason) = (file, writer, movedReason);
        _reads = new(file);
    }

    public string Description => $"{_file}, {SqliteLibrary.Description}";

    public string? Fault => Writer.Fault;

    /// <summary>
    /// Why this node's own incarnations were cleared at opening: the store was copied or restored.
    /// Null when it is at home.
    /// </summary>
    public string? MovedReason { get; }

    internal SqliteWriter Writer { get; }

    /// <summary>Opens or creates the store; <see cref="DataDirectory"/> must be held.</summary>
    /// <exception cref="StoreException">With what is wrong and what to do.</exception>
    public static Task<SqliteStore> OpenAsync(
        string dataDirectory, CancellationToken stop)
    {
        var file = Path.Combine(Path.GetFullPath(dataDirectory), FileName);
        return Task.Run(() => Open(file, SqliteSchema.Migrations), stop);
    }

    internal static SqliteStore Open(
        string file, IReadOnlyList<string> migrations)
    {
        SqliteSession? session = null;
        try
        {
            var found = StoreBirthplace.Look(file);
            session = SqliteSession.OpenWriter(file);
            SqliteSchema.Migrate(session, file, migrations);
            var moved = new StoreBirthplace(session, file).Enter(found);
            return new(file, new(file, session), moved);
        }
        catch (Exception e)
        {
            session?.Dispose();
            throw e switch
            {
                StoreException known => known,
                IOException or UnauthorizedAccessException => new StoreException(
                    StoreFault.ReadOnly,
                    $"The directory of '{file}' cannot be written: {e.Message} Check its owner, "
                    + "permissions and free space.",
                    inner: e),
                _ => SqliteErrors.Map(e, file),
            };
        }
    }

    public Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop) =>
        _reads.TopicsAsync(stop);

    public Task JoinAsync(TopicRef topic, Batch? first, CancellationToken stop) =>
        Writer.JoinAsync(topic, first, stop);

    public Task<TopicRecord> LoadAsync(TopicRef topic, long generation, CancellationToken stop) =>
        Writer.WithAsync((_, topics) => topics.Load(topic, generation), stop);

    public async Task CommitAsync(Batch batch, long generation, CancellationToken stop)
    {
        if (batch.Logs.Any(log => log.ClosedAt is not null))
        {
            _tail.Forget(batch.Topic);
        }

        _tail.Trim(batch.Topic, batch.Logs);

        if (!batch.Erased.IsEmpty)
        {
            _tail.Erase(batch.Topic);
        }

        await Writer.CommitAsync(batch, generation, stop).ConfigureAwait(false);
        _tail.Add(batch);
    }

    public Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop) =>
        _reads.ReadAsync(topic, log, slots, entriesMax, bytesMax, stop);

    public Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop) =>
        _reads.ReadHeadersAsync(topic, log, slots, max, stop);

    public Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop) =>
        _tail.Read(topic, after, entriesMax, bytesMax) is { } page
            ? Task.FromResult(page)
            : _reads.ReadDeliveredAsync(topic, after, entriesMax, bytesMax, stop);

    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) =>
        _reads.FindAsync(id, stop);

    public Task<Publication?> FindKeyAsync(
        TopicId topic, PublishKey key, CancellationToken stop) =>
        _reads.WithAsync(session => SqliteReaders.FindKey(session, topic, key), stop);

    public Task<ImmutableArray<ReaderRecord>> ReadersAsync(
        TopicId topic, ReaderKind kind, CancellationToken stop) =>
        _reads.WithAsync(session => SqliteReaders.Read(session, topic, kind), stop);

    public Task<ReaderRecord?> FindReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) =>
        _reads.WithAsync(session => SqliteReaders.Find(session, topic, kind, name), stop);

    public Task<long> TakenBackAsync(TopicId topic, CancellationToken stop) =>
        _reads.WithAsync(session => SqliteReaders.TakenBack(session, topic), stop);

    public Task WriteReaderAsync(TopicId topic, ReaderRecord reader, CancellationToken stop) =>
        Writer.WithAsync(
            (session, topics) =>
            {
                _ = topics.Get(topic, topic);
                SqliteReaders.Write(session, topic, reader);
                return true;
            },
            stop);

    public Task RemoveReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) =>
        Writer.WithAsync(
            (session, _) =>
            {
                SqliteReaders.Remove(session, topic, kind, name);
                return true;
            },
            stop);

    public Task<ImmutableArray<Exclusion>> ExclusionsAsync(CancellationToken stop) =>
        _reads.WithAsync(SqliteExclusions.Read, stop);

    public Task WriteExclusionAsync(Exclusion exclusion, CancellationToken stop) =>
        Writer.WithAsync(
            (session, _) =>
            {
                SqliteExclusions.Write(session, exclusion);
                return true;
            },
            stop);

    public Task RemoveExclusionAsync(Did did, ExclusionKind kind, CancellationToken stop) =>
        Writer.WithAsync(
            (session, _) =>
            {
                SqliteExclusions.Remove(session, did, kind);
                return true;
            },
            stop);

    public Task<long> CountAsync(
        TopicId topic, LogId log, SeqRange slots, CancellationToken stop) =>
        _reads.CountAsync(topic, log, slots, stop);

    public Task<ImmutableArray<Segment>> SurveyAsync(TopicId topic, CancellationToken stop) =>
        _reads.WithAsync(session => SqliteSegments.Read(session, topic), stop);

    public Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop) =>
        _reads.StatisticsAsync(topic, stop);

    /// <summary>Finishes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        await _reads.DisposeAsync().ConfigureAwait(false);
        await Writer.CloseAsync(session => new StoreBirthplace(session, _file).Leave())
            .ConfigureAwait(false);
        StoreBirthplace.Seal(_file);
    }
}
