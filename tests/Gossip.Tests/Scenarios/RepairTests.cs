using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Simulation;

namespace Gossip.Tests.Scenarios;

/// <summary>How do entries find their way: pushed, pulled, compared, in pages?</summary>
public sealed class RepairTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(50);

    [Fact]
    [Row("B1")]
    public void A_push_arrives_without_any_round()
    {
        var cluster = Connected(2, o => o with { Times = o.Times with { RoundInterval = Never } });
        var pulls = cluster[1].Record[Tally.PullsSent];
        var id = cluster[0].PublishAndWait("t", "now"u8.ToArray()).Entry;
        Assert.True(cluster.RunUntil(
            TimeSpan.FromMilliseconds(50), () => cluster[1].Find(id) is not null));
        Assert.Equal(pulls, cluster[1].Record[Tally.PullsSent]);
    }

    [Fact]
    [Row("B2")]
    public void A_relay_serves_what_an_author_wrote_who_is_offline()
    {
        var cluster = Connected(3);
        cluster.Partition(2);
        var id = cluster[0].PublishAndWait("t", "from afar"u8.ToArray()).Entry;
        Assert.True(cluster.RunUntil(Soon, () => cluster[1].Find(id) is not null));
        cluster[0].Crash();
        cluster.Heal();
        Assert.True(cluster.RunUntil(Soon, () => cluster[2].Find(id) is not null));
        Assert.False(cluster[0].IsUp);
    }

    [Fact]
    [Row("B6")]
    public void A_round_goes_from_digest_to_rows_to_pulls_to_closing()
    {
        var cluster = Connected(2, o => o with
        {
            Push = false,
            Times = o.Times with { RoundInterval = Never },
        });
        cluster[0].PublishAndWait("t", "a"u8.ToArray());
        cluster[1].PublishAndWait("t", "b"u8.ToArray());
        cluster.RunFor(TimeSpan.FromSeconds(1));
        var said = new List<string>();
        cluster.Watch.Said += (from, _, message) => said.Add(message switch
        {
            GossipMessage.AntiEntropy step => $"{from.Number} {step.Step}",
            _ => $"{from.Number} {message.GetType().Name}",
        });

        var call = cluster[0].Sync(cluster[1].Did);
        Assert.True(cluster.RunUntil(Soon, () => cluster[0].Record.Syncs.ContainsKey(call)));
        var result = cluster[0].Record.Syncs[call].Single();
        Assert.True(result.IsEqual, result.Outcome);
        Assert.Equal((1, 1), (result.Sent, result.Received));
        Assert.Equal(cluster[0].RootOf("t"), cluster[1].RootOf("t"));
        Assert.Equal(["0 Summary", "1 Digests", "0 Digests"], said.Take(3));
        var order = new[] { "0 PullRequest", "1 PullResponse", "0 Closing", "1 Closing" }
            .Select(step => said.IndexOf(step))
            .ToArray();
        Assert.Equal(order.Order(), order);
        Assert.True(order[0] > 0, "node 0 never asked");
        Assert.Contains("0 PullResponse", said);
    }

    [Fact]
    [Row("B8")]
    public void A_backlog_of_ten_pages_arrives_whole_although_the_link_is_cut()
    {
        var cluster = Connected(2, o => o with { Sizes = new() { PageEntriesMax = 5 } });
        cluster.Partition(0);
        for (var i = 0; i < 50; i++)
        {
            cluster[0].PublishAndWait("t", Encoding.UTF8.GetBytes($"{i}"));
        }

        cluster.Heal();
        Assert.True(cluster.RunUntil(Soon, () => cluster[1].Delivered("t").Count >= 15));
        cluster.Network.Cut(cluster[1].Links.First());
        var before = cluster[1].Delivered("t").Count;
        Convergence.Reach(cluster, Soon);
        Assert.InRange(before, 15, 49);
        Assert.Equal(50, cluster[1].Delivered("t").Count);
        Assert.Equal(50, cluster[1].Record[Tally.EntriesReceived]);
    }

    [Fact]
    [Row("B8")]
    public void An_entry_larger_than_a_page_travels_alone()
    {
        var cluster = Connected(2, o => o with
        {
            Push = false,
            Sizes = new() { PageBytesMax = 4096 },
        });
        var most = 0;
        cluster.Watch.Said += (_, _, message) => most = message is GossipMessage.PullResponse page
            && page.Entries.Any(e => e.Size > 4096) ? Math.Max(most, page.Entries.Length) : most;
        cluster[0].PublishAndWait("t", new byte[100]);
        cluster[0].PublishAndWait("t", new byte[200_000]);
        cluster[0].PublishAndWait("t", new byte[100]);
        Convergence.Reach(cluster, Soon);
        Assert.Equal(3, cluster[1].Delivered("t").Count);
        Assert.Equal(1, most);
    }

    [Fact]
    [Row("C6")]
    public void A_peer_that_never_answers_ends_at_the_timeouts_and_delays_nobody()
    {
        var cluster = Connected(3, o => o with { Push = false });
        var silent = cluster[2];
        silent.IsSilent = true;
        var id = cluster[0].PublishAndWait("t", "past the silent one"u8.ToArray()).Entry;
        var call = cluster[0].Sync(silent.Did);
        Assert.True(cluster.RunUntil(
            TimeSpan.FromSeconds(3), () => cluster[1].Find(id) is not null));
        Assert.True(cluster.RunUntil(
            TimeSpan.FromSeconds(4.1), () => cluster[0].Record.Syncs.ContainsKey(call)));
        Assert.False(cluster[0].Record.Syncs[call].Single().IsEqual);
        silent.IsSilent = false;
        Convergence.Reach(cluster, TimeSpan.FromSeconds(60));
    }

    [Theory]
    [Row("A6")]
    [InlineData(1)]
    [InlineData(2)]
    public void Convergence_never_depends_on_push(int seed)
    {
        var cluster = Connected(4, o => o with { Push = false }, seed);
        for (var i = 0; i < 12; i++)
        {
            cluster[i % 4].PublishAndWait("t", Encoding.UTF8.GetBytes($"{i}"));
        }

        Convergence.Reach(cluster, Soon);
        Assert.All(cluster.Nodes, n => Assert.Equal(12, n.Delivered("t").Count));
    }

    private static Cluster Connected(
        int nodes, Func<GossipOptions, GossipOptions>? tune = null, int seed = 3)
    {
        var cluster = Cluster.Started(new()
        {
            Nodes = nodes,
            Seed = seed,
            Tune = tune ?? (options => options),
        });
        cluster.RunFor(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes, n => Assert.Equal(nodes - 1, n.Record.Subscribers.Count));
        return cluster;
    }
}
