using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What if an author shows two faces? Nodes 0 and 1 write one log with different entries, each to
/// half of the cluster; once the halves meet, the log must be closed at one slot everywhere.
/// </summary>
public sealed class Fork : Scenario
{
    private const string Topic = "t";
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        KeyOf = node => node == 1 ? 0 : node,
        Faults = trial.Seed % 2 == 0
            ? Faults.None
            : Faults.Links with { CrashesPerCommit = 0 },
    };

    protected override void Play(Trial trial)
    {
        var (cluster, figures) = (trial.In(new(Shape(trial))), trial.Figures);
        var draw = cluster.Draw.Random;
        cluster.Watch.TwoFaced.Add(cluster[0].Did);
        cluster[0].Fix(42);
        cluster[1].Fix(42);

        // A history that both faces share, then one that they do not.
        var shared = draw.Next(0, 6);
        cluster[0].Start();
        Publish(cluster[0], shared);
        cluster[1].Disk.Restore(cluster[0].Disk.Backup(), isNoticed: false);
        cluster.Network.Partition(n => n.Number % 2);
        cluster.Nodes.Where(n => !n.IsUp).ToList().ForEach(n => n.Start());
        Publish(cluster[0], draw.Next(1, 12));
        Publish(cluster[1], draw.Next(1, 12));
        cluster.RunFor(TimeSpan.FromSeconds(2));
        cluster.Nodes.Skip(2).ToList().ForEach(n => Publish(n, 1));

        cluster.Heal();
        if (trial.Seed % 2 != 0)
        {
            Trouble(cluster);
        }

        cluster.RunFor(TimeSpan.FromSeconds(5));
        var taken = Convergence.Reach(cluster, AgreeWithin);
        CheckClosures(cluster, shared + 1);

        // Everybody goes on, the two faces in new logs.
        cluster.Nodes.ToList().ForEach(n => Publish(n, 1));
        Convergence.Reach(cluster, AgreeWithin);
        CheckClosures(cluster, shared + 1);
        figures["seconds_to_agree_max"] = taken.TotalSeconds;
    }

    /// <summary>Some nodes die and some links break while the halves meet.</summary>
    private static void Trouble(Cluster cluster)
    {
        foreach (var node in cluster.Nodes.Where(_ => cluster.Draw.Chance(0.25)))
        {
            var away = cluster.Draw.Around(cluster.Faults.CrashMean);
            cluster.Time.In(
                5 * cluster.Draw.Random.NextDouble() * TimeSpan.FromSeconds(1),
                () => cluster.Crash(node, away));
        }

        for (var i = 0; i < cluster.Nodes.Length; i++)
        {
            var at = 5 * cluster.Draw.Random.NextDouble() * TimeSpan.FromSeconds(1);
            cluster.Time.In(at, () =>
            {
                var ends = cluster.Network.OpenEnds.ToArray();
                if (ends.Length > 0)
                {
                    cluster.Network.Cut(ends[cluster.Draw.Random.Next(ends.Length)]);
                }
            });
        }
    }

    private static void CheckClosures(Cluster cluster, long slot)
    {
        var log = new LogId(cluster[0].Did, 42, Admission.None);
        foreach (var node in cluster.Nodes)
        {
            var closure = node.Record.Deliveries[TopicId.OfPublic(new(Topic))].Closures.Single();
            Broken.Unless(
                closure.Slot == slot && closure.Proof.Slot == slot
                    && closure.Proof.First.Header.Log == log,
                $"node {node.Number} closed at {closure.Slot}, the fork is at {slot}");
        }
    }

    private static void Publish(SimulatedNode node, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            node.PublishAndWait(Topic, Encoding.UTF8.GetBytes($"{i} of node {node.Number}"));
        }
    }
}
