using System.Collections.Immutable;
using Gossip.Actors;

namespace Gossip.Simulation;

/// <summary>How is a simulated cluster built?</summary>
public sealed record ClusterShape
{
    public required int Nodes { get; init; }

    public required int Seed { get; init; }

    public Faults Faults { get; init; } = Faults.None;

    public IReadOnlyList<string> Topics { get; init; } = ["t"];

    /// <summary>Whom a node dials; every other node unless said otherwise.</summary>
    public Func<int, IEnumerable<int>>? DialsOf { get; init; }

    /// <summary>Nodes have a machine that says what may be forgotten.</summary>
    public bool Forgets { get; init; }

    /// <summary>Which key a node has; its own unless said otherwise.</summary>
    public Func<int, int> KeyOf { get; init; } = node => node;

    public Func<GossipOptions, GossipOptions> Tune { get; init; } = options => options;

    /// <summary>A bug put in on purpose, to see that it is found.</summary>
    public Mutation Mutation { get; init; } = Mutation.None;
}

/// <summary>
/// A world in one thread: nodes, their network, disks, time and chance, under one seed. What goes
/// wrong in it is watched after every step.
/// </summary>
public sealed class Cluster
{
    public Cluster(ClusterShape shape)
    {
        (Shape, Faults, Draw) = (shape, shape.Faults, new(shape.Seed));
        Network = new(this);
        Watch = new(this);
        var all = Enumerable.Range(0, shape.Nodes).ToArray();
        Nodes =
        [
            .. all.Select(i => new SimulatedNode(
                this, i, new SimulatedKeys(shape.KeyOf(i)), OptionsOf(i, all))),
        ];
        foreach (var node in Nodes)
        {
            shape.Topics.ToList().ForEach(node.Join);
        }
    }

    public ClusterShape Shape { get; }

    /// <summary>What goes wrong from now on.</summary>
    public Faults Faults { get; set; }

    public Draw Draw { get; }

    public VirtualTime Time { get; } = new();

    public SimulatedNetwork Network { get; }

    public Watch Watch { get; }

    public Mutation Mutation => Shape.Mutation;

    public Sometimes Sometimes { get; } = new();

    /// <summary>These nodes stay down, whatever was to bring them back.</summary>
    public HashSet<int> Dead { get; } = [];

    /// <summary>Who must agree in the end.</summary>
    public IEnumerable<SimulatedNode> Core => Nodes.Where(n => !Dead.Contains(n.Number));

    public Trace Trace { get; } = new();

    public ImmutableArray<SimulatedNode> Nodes { get; }

    /// <summary>Wall clocks show this at virtual time 0: 2026-01-01.</summary>
    public long Epoch => 1_767_225_600_000;

    public SimulatedNode this[int node] => Nodes[node];

    public static Cluster Started(ClusterShape shape)
    {
        var cluster = new Cluster(shape);
        cluster.Nodes.ToList().ForEach(n => n.Start());
        return cluster;
    }

    public bool RunUntil(TimeSpan longest, Func<bool> isDone) =>
        Time.RunUntil(Time.Now + longest, isDone);

    public void RunFor(TimeSpan length) => RunUntil(length, () => false);

    /// <summary>Cuts the cluster in two: these nodes, and all others.</summary>
    public void Partition(params int[] nodes) =>
        Network.Partition(n => nodes.Contains(n.Number) ? 1 : 0);

    public void Heal() => Network.Heal();

    /// <summary>The process dies, and comes back after a while.</summary>
    public void Crash(SimulatedNode node, TimeSpan away)
    {
        node.Crash();
        StartLater(node, away);
    }

    /// <summary>Unless it is up by then, or gone for good.</summary>
    public void StartLater(SimulatedNode node, TimeSpan away) => Time.In(away, () =>
    {
        if (!node.IsUp && !Dead.Contains(node.Number))
        {
            node.Start();
        }
    });

    /// <summary>A commit is under way: a moment that crashes like best.</summary>
    public void Tempt(SimulatedNode node)
    {
        if (Draw.Chance(Faults.CrashesPerCommit))
        {
            var generation = node.Generation;
            Time.In(Draw.Around(Faults.CommitMean / 2), () =>
            {
                if (node.IsUp && node.Generation == generation)
                {
                    Crash(node, Draw.Around(Faults.CrashMean));
                }
            });
        }
    }

    private GossipOptions OptionsOf(int node, int[] all)
    {
        var dials = Shape.DialsOf?.Invoke(node) ?? all.Where(n => n != node);
        return Shape.Tune(new()
        {
            Network = "simulation",
            Listen = SimulatedNode.AddressOf(node),
            Bootstrap = [.. dials.Select(SimulatedNode.AddressOf)],
            Times = new()
            {
                RoundTimeout = TimeSpan.FromSeconds(4),
                PullTimeout = TimeSpan.FromSeconds(1),
                HandshakeTimeout = TimeSpan.FromSeconds(2),
                RedialMax = TimeSpan.FromSeconds(2),
            },
        });
    }
}
