using Gossip.Actors;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>Does a node remember where its consumers stand?</summary>
[Trait("Row", "G13")]
public sealed class SubscriptionTests
{
    private static readonly CancellationToken Go = CancellationToken.None;
    private readonly MemoryNetwork _network = new();

    [Fact]
    public async Task What_was_acknowledged_does_not_come_again_after_a_restart()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        await PublishAsync(node, 5);
        var billing = await node.SubscribeAsync(Cluster.Topic, "billing", Go);
        Assert.Equal((0L, 5L), (billing.Position, billing.Lag));
        Assert.Equal([1L, 2, 3, 4, 5], await TakeAsync(billing, 5));
        await billing.AcknowledgeAsync(3, Go);
        await billing.AcknowledgeAsync(2, Go);
        Assert.Equal((3L, 2L), (billing.Position, billing.Lag));

        await cluster.StopAsync(node);
        node = await cluster.StartAsync("a", null);
        billing = await node.SubscribeAsync(Cluster.Topic, "billing", Go);
        Assert.Equal([4L, 5], await TakeAsync(billing, 2));
        var other = await node.SubscribeAsync(Cluster.Topic, "audit", Go);
        Assert.Equal([1L], await TakeAsync(other, 1));
    }

    [Fact]
    public async Task It_can_be_reset_listed_and_forgotten()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        await PublishAsync(node, 5);
        var billing = await node.SubscribeAsync(Cluster.Topic, "billing", Go);
        await billing.AcknowledgeAsync(5, Go);
        await billing.ResetAsync(1, Go);
        Assert.Equal([2L, 3, 4, 5], await TakeAsync(billing, 4));
        Assert.Equal(
            new SubscriptionStatus(Cluster.Topic, "billing", 1, 4),
            Assert.Single(await node.SubscriptionsAsync(Cluster.Topic, Go)));

        await node.UnsubscribeAsync(Cluster.Topic, "billing", Go);
        Assert.Empty(await node.SubscriptionsAsync(Cluster.Topic, Go));
    }

    [Fact]
    [Row("F8")]
    public async Task A_position_that_does_not_exist_and_a_bad_name_are_refused()
    {
        await using var cluster = new Cluster(_network);
        var node = await cluster.StartAsync("a", null);
        var billing = await node.SubscribeAsync(Cluster.Topic, "billing", Go);
        await RefusedAsync("position-ahead", () => billing.AcknowledgeAsync(1, Go));
        await RefusedAsync("position-ahead", () => billing.ResetAsync(-1, Go));
        await RefusedAsync("subscription-name",
            () => node.SubscribeAsync(Cluster.Topic, "", Go));
        await RefusedAsync("subscription-name",
            () => node.SubscribeAsync(Cluster.Topic, new string('x', 129), Go));
        await RefusedAsync("topic-unknown", () => node.SubscribeAsync(new("none"), "x", Go));
    }

    private static async Task RefusedAsync(string code, Func<Task> call) => Assert.Equal(
        code, (await Assert.ThrowsAsync<GossipException>(call)).Code);

    private static async Task PublishAsync(GossipNode node, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Cluster.PublishAsync(node, $"{i}");
        }
    }

    private static async Task<List<long>> TakeAsync(Subscription subscription, int count)
    {
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(30), TimeProvider.System);
        var taken = new List<long>();
        await foreach (var delivered in subscription.ReadAsync(deadline.Token))
        {
            taken.Add(delivered.Position);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
