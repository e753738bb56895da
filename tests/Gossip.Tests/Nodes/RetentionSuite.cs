using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Nodes;

/// <summary>Does a node keep to its quota, while whoever wants to keep everything can?</summary>
[Trait("Row", "D12")]
public abstract class RetentionSuite
{
    private const int Entries = 2100;
    private const int Kept = Entries - 2047;
    private static readonly CancellationToken Go = CancellationToken.None;

    private protected abstract Cluster NewCluster();

    [Fact]
    public async Task The_oldest_goes_and_whoever_comes_later_gets_it_late_from_an_archive()
    {
        await using var cluster = NewCluster();
        var author = await cluster.StartAsync("author", Bounded);
        var archive = await cluster.StartAsync("archive", Everything, author);
        for (var i = 1; i <= Entries; i++)
        {
            await Cluster.PublishAsync(author, $"{i}");
        }

        await Cluster.UntilAsync(
            async () => await FloorAsync(author) == 2048,
            () => "the author keeps more than its quota");
        await ConvergeAsync(Entries, archive);
        await cluster.StopAsync(archive);

        // Nobody serves the beginning: a newcomer goes on without it.
        var late = await cluster.StartAsync("late", null, author);
        await ConvergeAsync(Kept, late);
        var lost = Assert.Single((await Cluster.StatusAsync(late)).Lost);
        Assert.Equal(IntervalSet.UpTo(2047), lost.Slots);
        await Cluster.PublishAsync(late, "after");
        await ConvergeAsync(Kept + 1, late, author);

        archive = await cluster.StartAsync("archive", Everything, author, late);
        await ConvergeAsync(Entries + 1, late, archive);
        Assert.Empty((await Cluster.StatusAsync(late)).Lost);
        var delivered = await late.ReadAsync(Cluster.Topic, 0, 9999, Go);
        Assert.Equal(
            [
                .. Enumerable.Range(2048, Kept).Select(i => ($"{i}", false)),
                ("after", false),
                .. Enumerable.Range(1, 2047).Select(i => ($"{i}", true)),
            ],
            delivered.Select(d =>
                (System.Text.Encoding.UTF8.GetString(d.Payloads[0].Data.Span), d.IsLate)));
        Assert.Equal(2048, await FloorAsync(author));
        await RestAsync(author, archive, late);

        // Over a restart, too.
        await cluster.StopAsync(late);
        late = await cluster.StartAsync("late", null, author, archive);
        await ConvergeAsync(Entries + 1, late, archive);
        Assert.Equal(2047, (await late.ReadAsync(Cluster.Topic, 0, 9999, Go))
            .Count(d => d.IsLate));
    }

    private static GossipOptions Bounded(GossipOptions options) => options with
    {
        Retention = new()
        {
            TopicBytesMax = 1,
            Grace = TimeSpan.Zero,
            SweepInterval = TimeSpan.FromMilliseconds(100),
        },
    };

    private static GossipOptions Everything(GossipOptions options) => Bounded(options) with
    {
        Retention = Bounded(options).Retention with
        {
            Protected = [TopicRef.Public(Cluster.Topic)],
        },
    };

    private static async Task<long> FloorAsync(GossipNode node) =>
        (await Cluster.StatusAsync(node)).Rows.Max(r => r.Holdings.Floor);

    /// <summary>The first delivered so many payloads, and all show the same root.</summary>
    private static Task ConvergeAsync(int payloads, GossipNode first, params GossipNode[] others) =>
        Cluster.UntilAsync(
            async () =>
            {
                var status = await Cluster.StatusAsync(first);
                var roots = await Task.WhenAll(others.Select(Cluster.StatusAsync));
                return status.Statistics.Payloads == payloads
                    && status.Position >= payloads
                    && roots.All(r => r.Root == status.Root);
            },
            () => $"no {payloads} payloads under one root: "
                + Cluster.StatusAsync(first).Result.Statistics);

    /// <summary>Twenty rounds later nobody has asked anybody for anything again.</summary>
    private static async Task RestAsync(params GossipNode[] nodes)
    {
        var before = nodes.Select(n => n.Status().Counters["pulls-sent"]).ToArray();
        var rounds = nodes[0].Status().Counters["rounds-equal"];
        await Cluster.UntilAsync(
            () => Task.FromResult(nodes[0].Status().Counters["rounds-equal"] >= rounds + 20),
            () => "rounds do not end equal");
        Assert.Equal(before, nodes.Select(n => n.Status().Counters["pulls-sent"]));
    }
}
