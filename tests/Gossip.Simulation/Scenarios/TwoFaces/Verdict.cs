using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// Did every honest node judge alike, and only the guilty? Counts what the figures say, then holds
/// each node to it.
/// </summary>
internal sealed class Verdict(Cluster cluster, TopicId topic, IReadOnlyCollection<LogId> forked)
{
    private string Name => cluster.Shape.Topics[0];

    /// <summary>
    /// Where a log must be closed: the lowest slot that what all nodes hold together proves.
    /// </summary>
    public long? SlotOf(LogId log)
    {
        var headers = cluster.Nodes.SelectMany(n => HeldOf(n, log))
            .DistinctBy(h => h.Id)
            .ToArray();
        return headers
            .SelectMany(one => headers.Select(other => new ForkProof(one, other).Slot))
            .Min();
    }

    /// <summary>Some node has seen two histories of it, and not only its end.</summary>
    public bool IsForked(LogId log) =>
        cluster.Nodes.Any(n => ClosureOf(n, log) is { Proof.IsEnd: false });

    /// <summary>How many nodes hold a proof that anybody else can check.</summary>
    public int Proofs() => forked.Sum(log => cluster.Nodes.Count(n => ClosureOf(n, log)
        is { } closure && IsTransferable(closure)));

    /// <summary>Closures of logs whose authors wrote one history.</summary>
    public int HonestClosures() => cluster.Nodes.Sum(n => n.Load(Name).Logs.Count(l =>
        l.Closure is not null && !cluster.Watch.TwoFaced.Contains(l.Log.Author)));

    /// <summary>Proofs held that prove nothing, or prove it of an honest author.</summary>
    public int FalseProofs() => cluster.Nodes.Sum(n => n.Load(Name).Logs.Count(l =>
        l.Closure is { } closure
        && (!IsTransferable(closure) || !cluster.Watch.TwoFaced.Contains(l.Log.Author))));

    /// <summary>
    /// What honest nodes acknowledged and some node has not delivered, counted per node.
    /// </summary>
    public int HeldUp() => cluster.Nodes.Sum(n =>
    {
        var there = n.Delivered(Name).Select(e => e.Id).ToHashSet();
        return cluster.Watch.Acknowledged.Keys.Count(id => !there.Contains(id));
    });

    public void Check()
    {
        foreach (var log in forked)
        {
            var slot = SlotOf(log);
            var prefix = PrefixOf(cluster[0], log);
            foreach (var node in cluster.Nodes)
            {
                var closure = ClosureOf(node, log);
                Broken.Unless(
                    closure?.Slot == slot,
                    $"node {node.Number} closed {log} at {closure?.Slot}, proven is {slot}");
                Broken.Unless(
                    closure is null || IsTransferable(closure),
                    $"node {node.Number} holds no proof of {slot} that another could check");
                var own = PrefixOf(node, log);
                Broken.Unless(
                    own.Length < (slot ?? long.MaxValue),
                    $"node {node.Number} delivered {log} up to {own.Length}, closed at {slot}");
                Broken.Unless(
                    own.SequenceEqual(prefix),
                    $"node {node.Number} delivered another prefix of {log} than node 0");
            }
        }

        Broken.Unless(FalseProofs() == 0, $"{FalseProofs()} false proofs are held");
        Broken.Unless(HonestClosures() == 0, $"{HonestClosures()} honest logs are closed");
        Broken.Unless(HeldUp() == 0, $"{HeldUp()} acknowledged entries are held up");
    }

    public Closure? ClosureOf(SimulatedNode node, LogId log) =>
        node.Load(Name).Logs.FirstOrDefault(l => l.Log == log)?.Closure;

    private EntryId[] PrefixOf(SimulatedNode node, LogId log) =>
        [.. node.Delivered(Name).Where(e => e.Header.Log == log).Select(e => e.Id)];

    /// <summary>By the rules of a node that knows nothing but the proof.</summary>
    private bool IsTransferable(Closure closure) =>
        closure.Slot == closure.Proof.Slot
        && new EntryRules("simulation", topic, new SimulatedKeys(999_999)).IsProven(closure.Proof);

    private ImmutableArray<SignedHeader> HeldOf(SimulatedNode node, LogId log)
    {
        var held = node.Disk.Store
            .ReadHeadersAsync(topic, log, new(1, Dot.SeqMax), int.MaxValue, default)
            .GetAwaiter().GetResult();
        return ClosureOf(node, log) is { Proof: var (first, second) }
            ? held.Add(first).Add(second)
            : held;
    }
}
