using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// Did everybody who lives end up with the same, and does nothing wait any more?
/// </summary>
public static class Convergence
{
    /// <summary>Every topic has one root, and the same is delivered.</summary>
    public static bool IsReached(Cluster cluster) => cluster.Core.All(n => n.IsWhole)
        && cluster.Shape.Topics.All(topic => IsReached(cluster, topic));

    private static bool IsReached(Cluster cluster, string topic)
    {
        var first = cluster.Core.First();
        var root = first.RootOf(topic);
        if (!cluster.Core.All(n => n.RootOf(topic) == root))
        {
            return false;
        }

        var ids = first.Delivered(topic).Select(e => e.Id).ToHashSet();
        return cluster.Core.All(n => n.Delivered(topic) is var delivered
            && delivered.Count == ids.Count && delivered.All(e => ids.Contains(e.Id)));
    }

    /// <summary>
    /// Faults end; everybody must agree before this much time has passed, and rest.
    /// </summary>
    public static TimeSpan Reach(Cluster cluster, TimeSpan longest)
    {
        Calm(cluster);
        var began = cluster.Time.Now;
        var step = TimeSpan.FromMilliseconds(100);
        while (!IsReached(cluster))
        {
            if (cluster.Time.Now - began >= longest)
            {
                throw new BrokenException(
                    $"not equal {longest.TotalSeconds:0} s after the last fault: "
                    + Explain(cluster));
            }

            cluster.RunFor(step);
        }

        var taken = cluster.Time.Now - began;
        Rest(cluster);
        return taken;
    }

    /// <summary>The core is healed; the rest is dead, and stays so.</summary>
    public static void Calm(Cluster cluster)
    {
        cluster.Faults = cluster.Faults.Calmed;
        cluster.Watch.Excuse();
        foreach (var node in cluster.Nodes.Except(cluster.Core))
        {
            node.Crash();
        }

        cluster.Heal();
        foreach (var node in cluster.Core)
        {
            (node.Disk.Mood, node.ReadDelay) = (DiskMood.Honest, TimeSpan.Zero);
            if (!node.IsUp)
            {
                node.Start();
            }
        }
    }

    /// <summary>
    /// Nothing is left to do: rounds find all equal, no pull runs, no credit is out.
    /// </summary>
    public static void Rest(Cluster cluster)
    {
        Quieten(cluster);
        Lost(cluster);
    }

    public static void Quieten(Cluster cluster)
    {
        cluster.RunFor(TimeSpan.FromSeconds(5));
        var core = cluster.Core.ToArray();
        var before = core.Select(Unrest).ToArray();
        cluster.RunFor(TimeSpan.FromSeconds(2));
        foreach (var (node, unrest) in core.Zip(before))
        {
            Broken.Unless(
                Unrest(node) == unrest,
                $"node {node.Number} is not at rest: {unrest} became {Unrest(node)}");
            Broken.Unless(
                node.Record.CreditOut == 0,
                $"node {node.Number}: {node.Record.CreditOut} bytes of credit never came back");
        }
    }

    private static (long, long, long, long) Unrest(SimulatedNode node) =>
        (node.Record[Tally.PullsSent], node.Record[Tally.PullsExpired],
            node.Record[Tally.RoundsMended], node.Record[Tally.RoundsFailed]);

    /// <summary>
    /// What was acknowledged is held by everybody, once; unless its author forked the log before.
    /// </summary>
    private static void Lost(Cluster cluster)
    {
        var core = cluster.Core.Select(n => n.Number).ToHashSet();
        foreach (var node in cluster.Core)
        {
            var topics = cluster.Shape.Topics.Select(t => TopicId.OfPublic(new(t))).ToArray();
            var ids = topics.SelectMany(t => cluster.Watch.History(node, t)).Select(e => e.Id);
            Broken.Unless(ids.Distinct().Count() == ids.Count(), $"{node.Number} delivered twice");
            var held = cluster.Shape.Topics.SelectMany(node.Delivered)
                .Select(e => e.Id)
                .ToHashSet();
            // What was destroyed leaves gaps: entries above them, or after them, are only held.
            var isBlocked = IsBlockedForEver(cluster, node)
                || !cluster.Watch.IsNothingDestroyed;
            foreach (var (id, (dot, author)) in cluster.Watch.Acknowledged)
            {
                var isThere = held.Contains(id) || (isBlocked && node.Find(id) is not null);
                Broken.Unless(
                    isThere || !core.Contains(author) || node.Record.Closed.Any(
                        c => c.Key.Log == dot.Log && c.Value <= dot.Seq),
                    $"node {node.Number} lost {dot}, which was acknowledged");
            }
        }
    }

    /// <summary>
    /// Something waits here for what was destroyed with the only disks that held it.
    /// </summary>
    private static bool IsBlockedForEver(Cluster cluster, SimulatedNode node)
    {
        var isBlocked = node.Record.Deliveries.Values.Any(d => !d.Blocked.IsEmpty);
        Broken.Unless(
            !isBlocked || !cluster.Watch.IsNothingDestroyed || cluster.Dead.Count > 0,
            $"node {node.Number} waits for ever: {Explain(cluster)}");
        return isBlocked;
    }

    private static string Explain(Cluster cluster) => string.Join("; ",
        from node in cluster.Core
        from topic in cluster.Shape.Topics
        let view = node.Record.Deliveries.GetValueOrDefault(TopicId.OfPublic(new(topic)))
        let blocked = view is null ? [] : view.Blocked.Select(b => $"{b.Entry}→{b.WaitsFor}")
        select $"node {node.Number}: {(node.IsWhole ? "" : "not whole, ")}"
            + $"{node.Links.Count()} links, {topic}: "
            + $"{node.Delivered(topic).Count} delivered, root {node.RootOf(topic).Prefix:x}, "
            + $"blocked [{string.Join(' ', blocked)}]");
}
