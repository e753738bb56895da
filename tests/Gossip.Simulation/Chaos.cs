namespace Gossip.Simulation;

/// <summary>
/// When do links break, nodes crash and partitions come? Draws it ten times a second.
/// </summary>
internal sealed class Chaos(Cluster cluster, TimeSpan until)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private bool _isParted;

    public void Begin() => cluster.Time.In(Tick, Strike);

    private void Strike()
    {
        if (cluster.Time.Now >= until)
        {
            return;
        }

        Cut();
        Part();
        Crash();
        Begin();
    }

    private bool Comes(double perSecond) => cluster.Draw.Chance(perSecond * Tick.TotalSeconds);

    private void Cut()
    {
        foreach (var end in cluster.Network.OpenEnds.ToArray())
        {
            if (Comes(cluster.Faults.CutsPerSecond / 2))
            {
                cluster.Network.Cut(end);
            }
        }
    }

    private void Part()
    {
        if (_isParted || !Comes(cluster.Faults.PartitionsPerSecond))
        {
            return;
        }

        _isParted = true;
        var sides = cluster.Nodes.ToDictionary(n => n, _ => cluster.Draw.Random.Next(2));
        cluster.Network.Partition(n => sides[n]);
        cluster.Time.In(cluster.Draw.Around(cluster.Faults.PartitionMean), () =>
        {
            _isParted = false;
            cluster.Heal();
        });
    }

    private void Crash()
    {
        foreach (var node in cluster.Nodes.Where(n => n.IsUp))
        {
            if (Comes(cluster.Faults.CrashesPerSecond))
            {
                cluster.Crash(node);
            }
        }
    }
}
