using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>Did everybody end up with the same, and does nothing wait any more?</summary>
public static class Convergence
{
    /// <summary>Every topic has one root, and everything held is delivered.</summary>
    public static bool IsReached(Cluster cluster) => cluster.Nodes.All(n => n.IsUp)
        && cluster.Shape.Topics.All(topic => IsReached(cluster, topic));

    private static bool IsReached(Cluster cluster, string topic)
    {
        var first = cluster[0];
        var root = first.RootOf(topic);
        var ids = first.Delivered(topic).Select(e => e.Id).ToHashSet();
        return cluster.Nodes.All(n => n.RootOf(topic) == root
            && n.Delivered(topic).Count == ids.Count
            && n.Delivered(topic).All(e => ids.Contains(e.Id)));
    }

    /// <summary>
    /// Faults end; everybody must agree before this much time has passed, and rest.
    /// </summary>
    public static TimeSpan Reach(Cluster cluster, TimeSpan longest)
    {
        cluster.Faults = cluster.Faults.Calmed;
        cluster.Heal();
        foreach (var node in cluster.Nodes.Where(n => !n.IsUp))
        {
            node.Start();
        }

        var began = cluster.Time.Now;
        var step = TimeSpan.FromMilliseconds(100);
        while (!IsReached(cluster))
        {
            Broken.Unless(
                cluster.Time.Now - began < longest,
                $"not equal {longest.TotalSeconds:0} s after the last fault: {Explain(cluster)}");
            cluster.RunFor(step);
        }

        var taken = cluster.Time.Now - began;
        Rest(cluster);
        return taken;
    }

    /// <summary>
    /// Nothing is left to do: rounds find all equal, no pull runs, no credit is out.
    /// </summary>
    public static void Rest(Cluster cluster)
    {
        cluster.RunFor(TimeSpan.FromSeconds(5));
        var before = cluster.Nodes.Select(Unrest).ToArray();
        cluster.RunFor(TimeSpan.FromSeconds(2));
        foreach (var (node, unrest) in cluster.Nodes.Zip(before))
        {
            Broken.Unless(
                Unrest(node) == unrest,
                $"node {node.Number} is not at rest: {unrest} became {Unrest(node)}");
            Broken.Unless(
                node.Record.CreditOut == 0,
                $"node {node.Number}: {node.Record.CreditOut} bytes of credit never came back");
        }

        Lost(cluster);
    }

    private static (long Pulls, long Expired, long Mended, long Failed) Unrest(SimulatedNode node) =>
        (node.Record[Tally.PullsSent], node.Record[Tally.PullsExpired],
            node.Record[Tally.RoundsMended], node.Record[Tally.RoundsFailed]);

    /// <summary>
    /// What was acknowledged is held by everybody, once; unless its author forked the log before.
    /// </summary>
    private static void Lost(Cluster cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            var topics = cluster.Shape.Topics.Select(t => TopicId.OfPublic(new(t))).ToArray();
            var ids = topics.SelectMany(t => cluster.Watch.History(node, t)).Select(e => e.Id);
            Broken.Unless(ids.Distinct().Count() == ids.Count(), $"{node.Number} delivered twice");
            var held = cluster.Shape.Topics.SelectMany(node.Delivered).Select(e => e.Id).ToHashSet();
            foreach (var (id, dot) in cluster.Watch.Acknowledged)
            {
                Broken.Unless(
                    held.Contains(id) || node.Record.Closed.Any(
                        c => c.Key.Log == dot.Log && c.Value <= dot.Seq),
                    $"node {node.Number} lost {dot}, which was acknowledged");
            }
        }
    }

    private static string Explain(Cluster cluster) => string.Join("; ", cluster.Nodes.Select(n =>
        $"node {n.Number}: {n.Links.Count()} links, "
        + string.Join(", ", cluster.Shape.Topics.Select(t =>
            $"{n.Delivered(t).Count} delivered, root {n.RootOf(t).ToString()[..8]}, blocked "
            + string.Join(" ", n.Record.Deliveries.GetValueOrDefault(
                TopicId.OfPublic(new(t)))?.Blocked.Select(b => $"{b.Entry}→{b.WaitsFor}") ?? [])))));
}
