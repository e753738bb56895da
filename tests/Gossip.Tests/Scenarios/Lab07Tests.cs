using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Scenarios;

/// <summary>The four tests of Lab 07, and the gap that its clock could not see.</summary>
public sealed class Lab07Tests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    [Row("A4")]
    public void Lab07_1_single_announce()
    {
        var a = Started(1)[0];
        var first = Publish(a, "one");
        var second = Publish(a, "two");
        Assert.NotEqual(first, second);
        Assert.Equal([first, second], a.Delivered("t").Select(e => e.Id));
        Assert.NotNull(a.Find(first));
        Assert.NotNull(a.Find(second));
    }

    [Fact]
    [Row("A5")]
    public void Lab07_2_two_node_sync()
    {
        var cluster = Started(2, push: false);
        var id = Publish(cluster[0], "hello");
        var (a, b) = (cluster[0], cluster[1]);
        Assert.True(cluster.RunUntil(Soon, () => b.Find(id) is not null));
        Assert.Equal(a.Find(id)!.PayloadList.ToArray(), b.Find(id)!.PayloadList.ToArray());
        Assert.Equal(
            "hello", Encoding.UTF8.GetString(
                EntryFormat.DecodePayloads(b.Find(id)!.PayloadList).Single().Data.Span));
    }

    [Fact]
    [Row("A6")]
    public void Lab07_3_convergence()
    {
        var cluster = Started(2);
        cluster.Partition(0);
        Publish(cluster[0], "a1", "a2", "a3");
        Publish(cluster[1], "b1", "b2");
        Convergence.Reach(cluster, Soon);
        AssertSame(cluster, 5);
    }

    [Fact]
    [Row("A7")]
    public void Lab07_4_partition_healing()
    {
        var cluster = Started(2);
        Publish(cluster[0], "shared");
        Convergence.Reach(cluster, Soon);
        cluster.Partition(0);
        Publish(cluster[0], "left");
        Publish(cluster[1], "right");
        cluster.RunFor(Soon);
        Assert.All(cluster.Nodes, n => Assert.Equal(2, n.Delivered("t").Count));
        Convergence.Reach(cluster, Soon);
        AssertSame(cluster, 3);
    }

    [Fact]
    [Row("A8")]
    public void Lab07_5_the_newest_first_hides_no_gap()
    {
        // Rounds are far away while 1 and 2 are written, and no link is up: only 3 is pushed.
        var cluster = Started(2);
        cluster.Partition(0);
        Publish(cluster[0], "1", "2");
        cluster.Heal();
        Assert.True(cluster.RunUntil(Soon, () => cluster[1].IsConnected));
        var third = Publish(cluster[0], "3");
        Assert.True(cluster.RunUntil(Soon, () => cluster[1].Find(third) is not null));
        Convergence.Reach(cluster, Soon);
        AssertSame(cluster, 3);
        Assert.Equal([1L, 2, 3], cluster[1].Delivered("t").Select(e => e.Header.Seq));
    }

    private static Cluster Started(int nodes, bool push = true)
    {
        var cluster = Cluster.Started(new()
        {
            Nodes = nodes,
            Seed = 7,
            Tune = options => options with { Push = push },
        });
        cluster.RunUntil(Soon, () => nodes == 1 || cluster.Nodes.All(n => n.IsConnected));
        return cluster;
    }

    private static EntryId Publish(SimulatedNode node, params string[] texts)
    {
        EntryId last = default;
        foreach (var text in texts)
        {
            last = node.PublishAndWait("t", Encoding.UTF8.GetBytes(text)).Entry;
        }

        return last;
    }

    private static void AssertSame(Cluster cluster, int entries)
    {
        Assert.All(cluster.Nodes, n => Assert.Equal(entries, n.Delivered("t").Count));
        Assert.Single(cluster.Nodes.Select(n => n.RootOf("t")).Distinct());
    }
}
