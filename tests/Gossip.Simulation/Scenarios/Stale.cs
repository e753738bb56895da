using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// What if a node comes back with an old copy of its store? It must take a new incarnation, whether
/// its store notices, its peers show it, or it only learns after it wrote: then its log closes.
/// </summary>
public sealed class Stale : Scenario
{
    private const string Topic = "t";
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);

    private enum Kind
    {
        Noticed,
        ShownFirst,
        WroteFirst,
        Racing,
    }

    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        Tune = options => options with { Push = trial.Seed % 8 < 4 },
    };

    protected override void Play(Trial trial)
    {
        var (cluster, figures) = (trial.In(new(Shape(trial))), trial.Figures);
        var kind = (Kind)(cluster.Shape.Seed % 4);
        var node = cluster[0];
        cluster.Nodes.ToList().ForEach(n => n.Start());
        Publish(node, cluster.Draw.Random.Next(1, 5));
        var backup = node.Disk.Backup();
        var old = node.Delivered(Topic)[^1].Header.Log;
        Publish(node, cluster.Draw.Random.Next(1, 8));
        Convergence.Reach(cluster, AgreeWithin);

        node.Crash();
        cluster.Partition(0);
        node.Disk.Restore(backup, kind == Kind.Noticed);
        if (kind is Kind.WroteFirst or Kind.Racing)
        {
            cluster.Watch.TwoFaced.Add(node.Did);
        }

        node.Start();
        if (kind is Kind.Noticed or Kind.WroteFirst)
        {
            Publish(node, cluster.Draw.Random.Next(1, 4));
        }

        cluster.Heal();
        if (kind == Kind.Racing)
        {
            PublishAlong(cluster, node);
        }

        Convergence.Reach(cluster, AgreeWithin);
        Publish(node, 2);
        Convergence.Reach(cluster, AgreeWithin);
        Broken.Unless(
            node.Delivered(Topic).Count(e => e.Header.Log != old) >= 2,
            "it went on in the log that it had given away");
        var isClosed = node.Record.Closed.ContainsKey((TopicId.OfPublic(new(Topic)), old));
        Broken.Unless(
            kind == Kind.Racing || isClosed == (kind == Kind.WroteFirst),
            $"{kind}: {old} is {(isClosed ? "closed" : "open")}");
        figures["closed"] = isClosed ? 1 : 0;
    }

    /// <summary>It writes while its peers show it what it once wrote.</summary>
    private static void PublishAlong(Cluster cluster, SimulatedNode node)
    {
        for (var i = 0; i < 40; i++)
        {
            var text = Encoding.UTF8.GetBytes($"racing {i}");
            cluster.Time.In(TimeSpan.FromMilliseconds(50 * i), () => node.Publish(Topic, text));
        }

        cluster.RunFor(TimeSpan.FromSeconds(3));
    }

    private static void Publish(SimulatedNode node, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            node.PublishAndWait(Topic, Encoding.UTF8.GetBytes($"{i} of run {node.Generation}"));
        }
    }
}
