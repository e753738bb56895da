using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;

namespace Gossip.Adversary.Replays;

/// <summary>
/// Everything a replay could change: roots, rows, entries, the order of delivery, what was counted.
/// </summary>
internal sealed record State(TopicStatus Topic, IReadOnlyList<string> Texts, NodeStatus Node)
{
    private static readonly PublishOptions Once = new() { Key = new("barrier") };

    private static readonly string[] Counters =
    [
        "entries-received", "entries-published", "logs-closed", "incarnations-begun", "restarts",
    ];

    /// <summary>The present state, after all that the node was told before.</summary>
    public static async Task<State> OfAsync(GossipNode node)
    {
        await BarrierAsync(node);
        var status = await Cluster.StatusAsync(node);
        await Cluster.UntilAsync(
            async () => IsWhole(status = await Cluster.StatusAsync(node)),
            () => $"{status.Statistics}, and rows {string.Join("; ", status.Rows)}");
        return new(status, await Cluster.ReadAllAsync(node), node.Status());
    }

    /// <summary>The rows that people see follow the store: by now they show all of it.</summary>
    private static bool IsWhole(TopicStatus status) =>
        status.Rows.Sum(row => row.Holdings.Slots) == status.Statistics.Entries;

    /// <summary>
    /// A publish that was published before writes nothing; its answer comes after what the topic
    /// was told earlier.
    /// </summary>
    public static Task BarrierAsync(GossipNode node) => node.PublishAsync(
        Cluster.Topic, [new Payload(Encoding.UTF8.GetBytes("barrier"))], Once,
        CancellationToken.None);

    public IEnumerable<string> ChangesSince(State before)
    {
        if (Topic.Root != before.Topic.Root)
        {
            yield return "the root changed";
        }

        if (Topic.Statistics != before.Topic.Statistics)
        {
            yield return $"the store changed: {before.Topic.Statistics} to {Topic.Statistics}";
        }

        if (Topic.Rows.Length != before.Topic.Rows.Length
            || Topic.Closures.Length != before.Topic.Closures.Length)
        {
            yield return "logs appeared, or were closed";
        }

        if (!Texts.SequenceEqual(before.Texts))
        {
            yield return "the order of delivery changed";
        }

        foreach (var counter in Counters)
        {
            if (Node.Counters[counter] != before.Node.Counters[counter])
            {
                yield return $"{counter} grew";
            }
        }
    }
}
