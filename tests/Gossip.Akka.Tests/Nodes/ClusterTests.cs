using Akka.Actor;
using Akka.Configuration;
using Gossip.Actors;
using Gossip.Akka.Remoting;
using Gossip.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>Whom does Akka's cluster make known, and who may listen to a topic?</summary>
[Trait("Row", "G9")]
public sealed class ClusterTests
{
    /// <summary>
    /// b and c know only a: in a cluster each is a member, so they dial each other, and go on
    /// when a is gone.
    /// </summary>
    [Fact]
    public async Task Members_of_the_cluster_dial_each_other()
    {
        await using var cluster = OnAkka.NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var c = await cluster.StartAsync("c", null, a);
        await Cluster.UntilAsync(
            () => Task.FromResult(b.Peers().Any(p => c.Did.ToString() == p.Did
                && p.State == "connected")),
            () => string.Join(", ", b.Peers().Select(p => $"{p.Did} {p.State}")));
        await cluster.StopAsync(a);
        await Cluster.PublishAsync(b, "without a");
        await Cluster.ConvergeAsync(1, b, c);
    }

    [Fact]
    public async Task An_ordinary_actor_is_told_each_entry_when_it_has_answered_the_one_before()
    {
        await using var cluster = OnAkka.NewCluster();
        var node = await cluster.StartAsync("a", null);
        await Cluster.PublishAsync(node, "one");
        await Cluster.PublishAsync(node, "two");
        using var system = ActorSystem.Create("user");
        var told = new TaskCompletionSource();
        var positions = new List<long>();
        var reader = system.ActorOf(Props.Create(() => new Reader(positions, told, 3)));
        var feed = TopicFeed.Attach(system, node, Cluster.Topic, reader, 0);
        await Cluster.PublishAsync(node, "three");

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var page = await node.ReadAsync(Cluster.Topic, 0, 10, CancellationToken.None);
        Assert.Equal(page.Select(d => d.Position), positions);
        await reader.GracefulStop(TimeSpan.FromSeconds(10));
        await feed.WatchAsync();
        await system.Terminate();
    }

    /// <summary>Who runs an actor system already puts a node into it.</summary>
    [Fact]
    public async Task A_node_lives_in_a_system_that_goes_on_after_it()
    {
        await using var cluster = OnAkka.NewCluster();
        var a = await cluster.StartAsync("a", null);
        var (system, b) = await StartInSystemAsync(cluster, a.Address!);
        await Cluster.PublishAsync(b, "from within");
        await Cluster.ConvergeAsync(1, a, b);

        await b.DisposeAsync();
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate();
    }

    /// <summary>What lines refuse stands beside what everybody else does.</summary>
    [Fact]
    public async Task A_status_counts_what_the_lines_refused()
    {
        await using var cluster = OnAkka.NewCluster();
        var (system, node) = await StartInSystemAsync(cluster);
        var kinds = node.Status().Counters.Where(c => c.Key.StartsWith(
            "line-refused.", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Enum.GetValues<LineRefusal>().Length, kinds.Length);
        Assert.All(kinds, kind => Assert.Equal(0, kind.Value));

        system.ActorSelection("/user/gossip-door").Tell("no knock");
        await Cluster.UntilAsync(
            () => Task.FromResult(node.Status().Counters["line-refused.unexpected"] == 1),
            () => "It was not counted.");
        Assert.Equal(0, node.Status().Counters["line-refused.no-room"]);
        await node.DisposeAsync();
        await system.Terminate();
    }

    private static async Task<(ActorSystem System, GossipNode Node)> StartInSystemAsync(
        Cluster cluster, params string[] bootstrap)
    {
        var options = new GossipOptions
        {
            Network = "test",
            DataDirectory = cluster.DirectoryOf("b"),
            Listen = "127.0.0.1:0",
            Bootstrap = [.. bootstrap],
            Topics = [Cluster.Topic],
        };
        var system = ActorSystem.Create("gossip", ConfigurationFactory
            .ParseString("akka.loglevel = ERROR")
            .WithFallback(AkkaGossip.SettingsOf(options)));
        return (system, await AkkaGossip.StartAsync(
            system, options, new(), NullLoggerFactory.Instance, TimeProvider.System, default));
    }

    private sealed class Reader : ReceiveActor
    {
        public Reader(List<long> positions, TaskCompletionSource told, int count) =>
            Receive<Gossip.Actors.Storage.DeliveredEntry>(entry =>
            {
                positions.Add(entry.Position);
                if (positions.Count == count)
                {
                    told.TrySetResult();
                }

                Sender.Tell(TopicFeed.Ack.Instance);
            });
    }
}
