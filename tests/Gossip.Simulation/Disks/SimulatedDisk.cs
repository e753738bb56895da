using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Simulation;

/// <summary>How does a disk behave for now?</summary>
public enum DiskMood
{
    Honest,

    /// <summary>Everything takes twenty times as long.</summary>
    Slow,

    /// <summary>Every commit is refused; reads go on.</summary>
    Full,

    /// <summary>
    /// Every second read, and every second commit, fails; of the commits, half may have happened.
    /// </summary>
    Failing,

    /// <summary>Says that a commit is durable, and writes it some time later.</summary>
    Lying,
}

/// <summary>
/// What survives a crash? A store whose commits take time; the one under way at a crash may or may
/// not have happened. A lying disk loses commits that it called durable.
/// </summary>
public sealed class SimulatedDisk(Cluster cluster, int node)
{
    private static readonly TimeSpan SyncMean = TimeSpan.FromSeconds(1);

    private readonly List<Pending> _pending = [];
    private readonly List<Batch> _committed = [];
    private readonly Dictionary<TopicId, long> _generations = [];
    private int _synced;
    private DiskMood _mood;

    public MemoryStore Store { get; private set; } = new();

    public DiskMood Mood
    {
        get => _mood;
        set
        {
            if (_mood is DiskMood.Full && value != DiskMood.Full)
            {
                cluster.Sometimes.Reach(Rarity.DiskFilledAndHealed);
            }

            Sync();
            _mood = value;
        }
    }

    /// <summary>The newest generation of a topic's machine that loaded.</summary>
    public long GenerationOf(TopicId topic) => _generations.GetValueOrDefault(topic);

    /// <summary>Answers when it is durable, or why it is not.</summary>
    public void Persist(Batch batch, long generation, Action<StoreException?> answer)
    {
        var pending = new Pending(batch, generation);
        _pending.Add(pending);
        if (cluster.Mutation.AnswersBeforeCommit)
        {
            answer(null);
        }

        cluster.Time.In(Time(cluster.Faults.CommitMean), () =>
        {
            if (_pending.Remove(pending))
            {
                var fault = Write(pending);
                if (!cluster.Mutation.AnswersBeforeCommit)
                {
                    answer(fault);
                }
            }
        });
    }

    /// <summary>What a read takes; and whether it fails.</summary>
    public TimeSpan ReadTime() => Time(cluster.Faults.ReadMean);

    /// <exception cref="StoreException">It cannot be read.</exception>
    public T Read<T>(Func<IEntryStore, Task<T>> read)
    {
        if (cluster.Draw.Chance(_mood == DiskMood.Failing ? 0.5 : cluster.Faults.ReadFaults))
        {
            cluster.Sometimes.Reach(Rarity.ReadFailed);
            throw new StoreException(StoreFault.Io, "the simulated disk cannot be read");
        }

        return read(Store).GetAwaiter().GetResult();
    }

    /// <summary>
    /// What a topic's next machine starts from: what the last one asked is written or void first.
    /// </summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public TopicRecord Load(TopicRef topic)
    {
        var id = topic.Id;
        foreach (var pending in _pending.Where(p => p.Batch.Topic == id).ToArray())
        {
            _pending.Remove(pending);
            if (cluster.Draw.Chance(0.5))
            {
                Commit(pending.Batch, pending.Generation);
            }
        }

        var generation = _generations[id] = GenerationOf(id) + 1;
        return Read(s => s.LoadAsync(topic, generation, default));
    }

    public void Crash()
    {
        if (_pending.Count > 0)
        {
            cluster.Sometimes.Reach(Rarity.CrashedWhileCommitting);
        }

        foreach (var pending in _pending)
        {
            var isLost = cluster.Draw.Chance(cluster.Faults.CrashWriteFaults);
            cluster.Sometimes.Reach(
                isLost ? Rarity.CommitLostInCrash : Rarity.CommitSurvivedCrash);
            if (!isLost)
            {
                Commit(pending.Batch, pending.Generation);
            }
        }

        _pending.Clear();
        Forget();
    }

    /// <summary>A copy as a backup makes it: of committed batches, in order.</summary>
    public ImmutableArray<Batch> Backup() => [.. _committed];

    /// <summary>The store is what it was at the backup; it may notice that it was copied.</summary>
    public void Restore(ImmutableArray<Batch> backup, bool isNoticed)
    {
        var topics = Store.TopicsAsync(default).GetAwaiter().GetResult();
        Store = new();
        _committed.Clear();
        cluster.Watch.Forget(node);
        foreach (var topic in topics)
        {
            Store.JoinAsync(topic, null, default).GetAwaiter().GetResult();
        }

        var forgets = isNoticed && !cluster.Mutation.IgnoresRestore;
        foreach (var batch in backup)
        {
            Commit(
                forgets ? batch with { OwnIncarnation = null } : batch,
                GenerationOf(batch.Topic));
        }

        Sync();
    }

    /// <summary>What it called durable and did not write is gone.</summary>
    private void Forget()
    {
        if (_synced < _committed.Count && _mood == DiskMood.Lying)
        {
            cluster.Sometimes.Reach(Rarity.LiarLostCommits);
            cluster.Watch.Lie(node);
            Restore([.. _committed.Take(_synced)], isNoticed: false);
            cluster.Watch.Destroy(node);
        }
    }

    private StoreException? Write(Pending pending)
    {
        var isRefused = _mood == DiskMood.Full
            || cluster.Draw.Chance(
                _mood == DiskMood.Failing ? 0.5 : cluster.Faults.WriteFaults);
        if (!isRefused)
        {
            Commit(pending.Batch, pending.Generation);
            return null;
        }

        cluster.Sometimes.Reach(Rarity.CommitRefused);
        if (_mood == DiskMood.Full || cluster.Draw.Chance(0.5))
        {
            return new(StoreFault.Full, "the simulated disk is full");
        }

        cluster.Sometimes.Reach(Rarity.OutcomeUnknown);
        if (cluster.Draw.Chance(0.5))
        {
            Commit(pending.Batch, pending.Generation);
        }

        return new(StoreFault.Io, "the simulated disk failed", outcomeUnknown: true);
    }

    private void Commit(Batch batch, long generation)
    {
        Store.CommitAsync(batch, generation, default).GetAwaiter().GetResult();
        _committed.Add(batch);
        cluster.Watch.Committed(node, batch);
        if (_mood != DiskMood.Lying)
        {
            Sync();
        }
        else if (_synced == _committed.Count - 1)
        {
            cluster.Time.In(cluster.Draw.Around(SyncMean), Sync);
        }
    }

    private void Sync() => _synced = _committed.Count;

    private TimeSpan Time(TimeSpan mean) =>
        cluster.Draw.Around(_mood == DiskMood.Slow ? 20 * mean : mean);

    private sealed record Pending(Batch Batch, long Generation);
}
