using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Scenarios;

/// <summary>Which entries count once, in which order, and what do they carry?</summary>
public sealed class OrderTests
{
    private static readonly TopicId Topic = TopicId.OfPublic(new("t"));

    [Fact]
    [Row("A10")]
    public void An_entry_that_comes_five_thousand_times_is_stored_and_delivered_once()
    {
        var cluster = Cluster.Started(new() { Nodes = 7, Seed = 5 });
        cluster.Partition(6);
        cluster.RunFor(TimeSpan.FromSeconds(3));
        var id = cluster[6].PublishAndWait("t", "again and again"u8.ToArray()).Entry;
        var entry = cluster[6].Find(id)!;
        var target = cluster[0];
        foreach (var link in target.Record.Subscribers.ToArray())
        {
            var from = target.EndOf(link)!.Other.Node.Did;
            for (var i = 0; i < 1000; i++)
            {
                target.Tell(new Signal.Received(
                    link, from, new GossipMessage.Announcement(Topic, [entry], []), 0));
            }
        }

        cluster.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(5, target.Record.Subscribers.Count);
        Assert.Single(target.Delivered("t"));
        Assert.Equal(1, target.Record[Tally.EntriesReceived]);
        Assert.Equal(4999, target.Record[Tally.EntriesDuplicate]);
    }

    [Fact]
    [Row("A11")]
    public void Equal_payloads_are_two_entries()
    {
        var cluster = Cluster.Started(new() { Nodes = 2, Seed = 5 });
        cluster[0].PublishAndWait("t", "same"u8.ToArray());
        cluster[0].PublishAndWait("t", "same"u8.ToArray());
        Convergence.Reach(cluster, TimeSpan.FromSeconds(20));
        Assert.Equal(2, cluster[1].Delivered("t").Count);
        Assert.Equal(2, cluster[1].Delivered("t").Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    [Row("A12")]
    public void A_blocked_entry_is_listed_with_what_it_waits_for()
    {
        var cluster = Cluster.Started(new() { Nodes = 3, Seed = 5 });
        cluster.Partition(2);
        cluster.RunFor(TimeSpan.FromSeconds(3));
        var cause = cluster[0].PublishAndWait("t", "cause"u8.ToArray());
        Assert.True(cluster.RunUntil(
            TimeSpan.FromSeconds(5), () => cluster[1].Delivered("t").Count == 1));
        var effect = cluster[1].PublishAndWait("t", "effect"u8.ToArray());

        // Only the effect reaches node 2, on a link that it has not.
        var said = new GossipMessage.Announcement(Topic, [cluster[1].Find(effect.Entry)!], []);
        cluster[2].Tell(new Signal.Received(new(999), cluster[1].Did, said, 0));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(cluster[2].Delivered("t"));
        Assert.Equal(
            new(effect.Dot, cause.Dot), cluster[2].Record.Deliveries[Topic].Blocked.Single());

        Convergence.Reach(cluster, TimeSpan.FromSeconds(20));
        Assert.Equal(
            [cause.Entry, effect.Entry], cluster[2].Delivered("t").Select(e => e.Id));
        Assert.Empty(cluster[2].Record.Deliveries[Topic].Blocked);
    }

    [Fact]
    [Row("G10")]
    public void An_entry_carries_only_the_clock_components_that_changed()
    {
        var cluster = Cluster.Started(new() { Nodes = 4, Seed = 5 });
        cluster.RunFor(TimeSpan.FromSeconds(3));
        cluster.Nodes.ToList().ForEach(n => n.PublishAndWait("t", [1]));
        Convergence.Reach(cluster, TimeSpan.FromSeconds(20));
        Assert.Equal(3, ClockOfNext(cluster[0]));
        Assert.Equal(0, ClockOfNext(cluster[0]));
        cluster[1].PublishAndWait("t", Encoding.UTF8.GetBytes("news"));
        Convergence.Reach(cluster, TimeSpan.FromSeconds(20));
        Assert.Equal(1, ClockOfNext(cluster[0]));
    }

    private static int ClockOfNext(SimulatedNode node) =>
        node.Find(node.PublishAndWait("t", [2]).Entry)!.Header.Clock.Length;
}
