using System.Threading.Channels;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Microsoft.Data.Sqlite;

namespace Gossip.Actors.Storage;

/// <summary>
/// When is a batch durable? One thread owns the writing connection and takes everything that waits
/// into one transaction: a commit costs one flush of the disk, however many share it.
/// </summary>
internal sealed class SqliteWriter
{
    /// <summary>
    /// Callers beyond these wait for room; also the most that share one transaction.
    /// </summary>
    private const int WaitingMax = 1024;

    /// <summary>
    /// Of one transaction: keeps the write-ahead log and the wait of the first small.
    /// </summary>
    private const long GroupBytesMax = 8 * 1024 * 1024;

    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    private readonly string _file;
    private readonly SqliteSession _session;
    private readonly SqliteTopics _topics;
    private readonly SqliteCommit _commit;
    private readonly Task _loop;
    private StoreException? _lost;
    private volatile string? _fault;

    public SqliteWriter(string file, SqliteSession session)
    {
        (_file, _session) = (file, session);
        _topics = new(session, new(file));
        _commit = new(session, _topics);
        _loop = Task.Factory.StartNew(
            Run,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Null while writes can succeed.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// For tests of failures that a sound disk cannot show: called before each COMMIT.
    /// </summary>
    public Action? Committing { get; set; }

    public Task CommitAsync(Batch batch, long generation, CancellationToken stop) =>
        DoAsync(new CommitJob(batch, generation), stop);

    /// <summary>Runs after everything that waits, on the writer's thread and connection.</summary>
    public async Task<T> WithAsync<T>(
        Func<SqliteSession, SqliteTopics, T> work, CancellationToken stop)
    {
        T result = default!;
        await DoAsync(new WorkJob((session, topics) => result = work(session, topics)), stop)
            .ConfigureAwait(false);
        return result;
    }

    /// <summary>The topic and its first batch together, or neither.</summary>
    public Task JoinAsync(TopicRef topic, Batch? first, CancellationToken stop) =>
        DoAsync(
            new WorkJob((session, topics) =>
            {
                try
                {
                    session.Transact(() =>
                    {
                        topics.Join(topic);
                        if (first is not null)
                        {
                            _commit.Apply(first);
                        }
                    });
                }
                catch
                {
                    topics.Forget(topic.Id);
                    throw;
                }
            }),
            stop);

    /// <summary>
    /// Ends what waits, then does the last work and closes the connection. The last work may
    /// fail, and after a commit whose outcome is unknown it is left out: the next opening is
    /// careful then.
    /// </summary>
    public async Task CloseAsync(Action<SqliteSession> last)
    {
        _jobs.Writer.Complete();
        await _loop.ConfigureAwait(false);
        try
        {
            if (_lost is null)
            {
                last(_session);
            }
        }
        catch (Exception e)
            when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _fault = SqliteErrors.Map(e, _file).Message;
        }

        _session.Dispose();
    }

    /// <summary>
    /// Cancelling ends the wait for room only: what is queued has a definite end.
    /// </summary>
    private async Task DoAsync(Job job, CancellationToken stop)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            if (!_jobs.Writer.TryWrite(job))
            {
                await _jobs.Writer.WriteAsync(job, stop).ConfigureAwait(false);
            }
        }
        catch (ChannelClosedException)
        {
            throw SqliteErrors.Closed(_file);
        }

        await job.Done.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var group = new List<CommitJob>();
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            long bytes = 0;
            while (group.Count < WaitingMax && bytes < GroupBytesMax
                && _jobs.Reader.TryPeek(out var next) && next is CommitJob commit)
            {
                _jobs.Reader.TryRead(out _);
                bytes += commit.Batch.Entries.Sum(e => (long)e.Size);
                group.Add(commit);
            }

            if (group.Count > 0)
            {
                Commit(group);
                group.Clear();
            }
            else if (_jobs.Reader.TryRead(out var job))
            {
                Work((WorkJob)job);
            }
        }
    }

    private void Work(WorkJob job)
    {
        try
        {
            job.Work(_session, _topics);
            job.Done.SetResult();
        }
        catch (Exception e)
        {
            job.Done.SetException(SqliteErrors.Map(e, _file));
        }
    }

    private void Commit(List<CommitJob> group)
    {
        using var _ = Stages.Measure(Stage.Store);
        if (_lost is not null)
        {
            var refusal = new StoreException(StoreFault.Io, _lost.Message, inner: _lost);
            group.ForEach(job => job.Done.SetException(refusal));
            return;
        }

        if (Transact(group) is { } failure)
        {
            _topics.ForgetAll();
            _fault = failure.Message;
            group.ForEach(job => job.Failure = failure);
        }
        else
        {
            _fault = null;
        }

        group.ForEach(job => job.End());
    }

    /// <summary>
    /// Why nothing of the group is durable; null when all that did not fail alone is.
    /// </summary>
    private Exception? Transact(List<CommitJob> group)
    {
        var isEnding = false;
        try
        {
            _session.Run("BEGIN IMMEDIATE");
            group.ForEach(Apply);
            isEnding = true;
            Committing?.Invoke();
            _session.Run("COMMIT");
            return null;
        }
        catch (Exception e)
        {
            var isRolledBack = TryRollback();
            return isEnding && !(isRolledBack && SqliteErrors.IsKnownRollback(e))
                ? _lost = SqliteErrors.OutcomeUnknown(e, _file)
                : SqliteErrors.Map(e, _file);
        }
    }

    /// <summary>
    /// A batch that breaks a rule undoes itself; what shares its transaction goes on.
    /// </summary>
    private void Apply(CommitJob job)
    {
        var topic = job.Batch.Topic;
        _session.Run("SAVEPOINT batch");
        try
        {
            _topics.Advance(topic, topic, job.Generation);
            _commit.Apply(job.Batch);
        }
        catch (Exception e) when (SqliteErrors.IsOfOneBatch(e))
        {
            _session.Run("ROLLBACK TO batch");
            _topics.Forget(topic);
            job.Failure = SqliteErrors.Map(e, _file);
        }

        _session.Run("RELEASE batch");
    }

    private bool TryRollback()
    {
        try
        {
            _session.Rollback();
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private abstract class Job
    {
        public TaskCompletionSource Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class CommitJob(Batch batch, long generation) : Job
    {
        public Batch Batch => batch;

        public long Generation => generation;

        public Exception? Failure { get; set; }

        public void End()
        {
            if (Failure is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(Failure);
            }
        }
    }

    private sealed class WorkJob(Action<SqliteSession, SqliteTopics> work) : Job
    {
        public Action<SqliteSession, SqliteTopics> Work => work;
    }
}
