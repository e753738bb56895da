using Gossip.Simulation;
using Gossip.Simulation.Scenarios;

namespace Gossip.Tests.Scenarios;

/// <summary>Do nodes find each other again, keep one link a pair, and drop what is gone?</summary>
public sealed class PeerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [Row("C5")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Two_that_dial_each_other_keep_one_link(int seed)
    {
        var cluster = Cluster.Started(new() { Nodes = 6, Seed = seed });
        cluster.RunFor(Soon);
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(5, node.Links.Count());
            Assert.Equal(5, node.Links.Select(l => l.Other.Node.Number).Distinct().Count());
            Assert.Equal(5, node.Record.Peers.All.Count(p => p.State == "connected"));
        }
    }

    [Theory]
    [Row("C5")]
    [Row("G6")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Two_processes_with_one_key_keep_one_link_too(int seed)
    {
        var cluster = Cluster.Started(new() { Nodes = 2, Seed = seed, KeyOf = _ => 0 });
        cluster.RunFor(Soon);

        // Of the two that were dialled at once one stayed: none had to be dialled again.
        Assert.InRange(Assert.Single(cluster[0].Links).Link.Number, 1, 2);
        Assert.InRange(Assert.Single(cluster[1].Links).Link.Number, 1, 2);
    }

    [Fact]
    [Row("C5")]
    public void A_restarted_peer_is_replaced_and_not_kept()
    {
        var cluster = Cluster.Started(new() { Nodes = 2, Seed = 1 });
        cluster.RunFor(Soon);
        var before = cluster[0].Links.Single().Link;
        cluster[1].Crash();
        cluster[1].Start();
        cluster.RunFor(Soon);
        var after = cluster[0].Links.Single();
        Assert.NotEqual(before, after.Link);
        Assert.Equal(cluster[1].Generation, after.Other.Generation);
        Assert.Single(cluster[0].Record.Peers.All, p => p.State == "connected");
    }

    [Fact]
    [Row("C5")]
    public void A_peer_that_is_away_is_dialled_ever_less_often_with_jitter()
    {
        var cluster = Cluster.Started(new() { Nodes = 2, Seed = 1 });
        cluster[1].Crash();
        cluster.RunFor(TimeSpan.FromSeconds(1.5));
        var early = cluster[0].Record.Peers.All.Single().Attempts;
        cluster.RunFor(TimeSpan.FromSeconds(30));
        var late = cluster[0].Record.Peers.All.Single();
        Assert.InRange(early, 2, 5);

        // At most 2 s apart here, half of it jitter: 15 to 30 in half a minute.
        Assert.InRange(late.Attempts - early, 14, 31);
        Assert.NotNull(late.LastError);
        cluster[1].Start();
        Assert.True(cluster.RunUntil(Soon, () =>
            cluster[0].Record.Peers.All is [{ State: "connected", Attempts: 0 }]));
    }

    [Theory]
    [Row("G6")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stale_store_begins_a_new_incarnation(int kind)
    {
        var outcome = Scenario.All["stale"].Run(4, 80 + kind);
        Assert.Null(outcome.Failure);
    }
}
