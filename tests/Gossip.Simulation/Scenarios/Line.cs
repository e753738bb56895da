using System.Text;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// How many intervals until rounds alone make a line of nodes equal, when every node wrote in
/// every topic? At most 2 × diameter + ⌈log2 N⌉ in 99 % of seeds, never more than twice that.
/// </summary>
public sealed class Line : Scenario
{
    private static ClusterShape Shape(Trial trial) => new()
    {
        Nodes = trial.Nodes,
        Seed = trial.Seed,
        Mutation = trial.Mutation,
        Topics = ["one", "two", "three"],
        DialsOf = node => node == 0 ? [] : [node - 1],
        Tune = options => options with { Push = false },
    };

    protected override void Play(Trial trial)
    {
        var (cluster, figures) = (trial.In(new(Shape(trial))), trial.Figures);
        cluster.Nodes.ToList().ForEach(n => n.Start());
        var nodes = cluster.Nodes.Length;
        var links = 2 * (nodes - 1);
        cluster.RunFor(TimeSpan.FromSeconds(6));
        var isUp = cluster.Nodes.Sum(n => n.Record.Subscribers.Count) == links;
        Broken.Unless(isUp, "not every link of the line is up");

        foreach (var node in cluster.Nodes)
        {
            foreach (var topic in cluster.Shape.Topics)
            {
                node.Publish(topic, Encoding.UTF8.GetBytes($"{topic} from {node.Number}"));
            }
        }

        var bound = (2 * (nodes - 1)) + (int)Math.Ceiling(Math.Log2(nodes));
        var interval = cluster[0].Options.Times.RoundInterval;
        cluster.RunFor(interval / 20);
        var taken = Convergence.Reach(cluster, 2 * bound * interval) / interval;
        figures["bound_max"] = bound;
        figures["intervals_max"] = taken;
        figures["beyond_bound"] = taken > bound ? 1 : 0;
    }
}
