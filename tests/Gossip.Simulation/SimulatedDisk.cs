using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Simulation;

/// <summary>
/// What survives a crash? A store whose commits take time; the one under way at a crash may or may
/// not have happened.
/// </summary>
public sealed class SimulatedDisk(Cluster cluster, int node)
{
    private readonly List<(Batch Batch, long Generation)> _pending = [];
    private readonly List<Batch> _committed = [];

    public MemoryStore Store { get; private set; } = new();

    public void Persist(Batch batch, long generation, Action stored)
    {
        var pending = (batch, generation);
        _pending.Add(pending);
        cluster.Time.In(cluster.Draw.Around(cluster.Faults.CommitMean), () =>
        {
            if (_pending.Remove(pending))
            {
                Commit(batch, generation);
                stored();
            }
        });
    }

    public void Crash()
    {
        foreach (var (batch, generation) in _pending.Where(_ => cluster.Draw.Chance(0.5)))
        {
            Commit(batch, generation);
        }

        _pending.Clear();
    }

    /// <summary>A copy as a backup makes it: of committed batches, in order.</summary>
    public ImmutableArray<Batch> Backup() => [.. _committed];

    /// <summary>The store is what it was at the backup.</summary>
    public void Restore(ImmutableArray<Batch> backup, IEnumerable<TopicName> topics, bool isNoticed)
    {
        Store = new();
        _committed.Clear();
        cluster.Watch.Forget(node);
        foreach (var topic in topics)
        {
            Store.JoinAsync(topic, default).GetAwaiter().GetResult();
        }

        foreach (var batch in backup)
        {
            Commit(isNoticed ? batch with { OwnIncarnation = null } : batch, 0);
        }
    }

    private void Commit(Batch batch, long generation)
    {
        Store.CommitAsync(batch, generation, default).GetAwaiter().GetResult();
        _committed.Add(batch);
        cluster.Watch.Committed(node, batch);
    }
}
