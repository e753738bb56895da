using System.Security.Cryptography;
using System.Text;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// Does everything acknowledged survive everything at once? All nodes publish while links, nodes
/// and the network break; then all must agree within a stated time.
/// </summary>
public sealed class FaultMix(Faults faults) : Scenario
{
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AgreeWithin = TimeSpan.FromSeconds(60);

    protected override ClusterShape Shape(int nodes, int seed) => new()
    {
        Nodes = nodes,
        Seed = seed,
        Faults = faults,
        Tune = options => options with
        {
            // Small pages, so that a backlog takes several; push only in two seeds of three.
            Sizes = new() { PageEntriesMax = 1 + (seed % 7) },
            Push = seed % 3 != 0,
        },
    };

    protected override void Play(Cluster cluster, IDictionary<string, double> figures)
    {
        foreach (var node in cluster.Nodes)
        {
            cluster.Time.In(cluster.Draw.Around(TimeSpan.FromMilliseconds(50)), node.Start);
            PublishSome(cluster, node);
        }

        new Chaos(cluster, Trouble).Begin();
        cluster.RunFor(Trouble);
        var taken = Convergence.Reach(cluster, AgreeWithin);
        figures["seconds_to_agree_max"] = taken.TotalSeconds;
        figures["entries"] = cluster[0].Delivered(cluster.Shape.Topics[0]).Count;
        figures["acknowledged"] = cluster.Watch.Acknowledged.Count;
    }

    /// <summary>A node that is down does not publish then.</summary>
    private static void PublishSome(Cluster cluster, SimulatedNode node)
    {
        var publishes = cluster.Draw.Random.Next(6, 13);
        for (var i = 0; i < publishes; i++)
        {
            var text = $"node {node.Number} item {i} of seed {cluster.Shape.Seed}";
            var at = Trouble * cluster.Draw.Random.NextDouble();
            cluster.Time.In(at, () => node.Publish(
                cluster.Shape.Topics[0], Encoding.UTF8.GetBytes(text),
                SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        }
    }
}
