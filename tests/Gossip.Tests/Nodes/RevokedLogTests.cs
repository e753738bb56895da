using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Nodes;

/// <summary>What becomes of entries that the owner had not seen when it revoked their author?
/// </summary>
[Row("D6")]
public sealed class RevokedLogTests
{
    private static readonly CancellationToken Go = CancellationToken.None;

    [Fact]
    public async Task A_node_that_holds_them_keeps_them_and_lists_them_as_disputed()
    {
        await using var cluster = new Cluster();
        var owner = await cluster.StartAsync("owner", null);
        var topic = await owner.Policies.CreateAsync("plans", new(), Go);
        var ann = await cluster.StartAsync("ann", null, owner);
        var bob = await cluster.StartAsync("bob", null, owner, ann);
        foreach (var node in new[] { ann, bob })
        {
            await node.JoinAsync(topic, Go);
            await owner.Policies.InviteAsync(topic.Name, node.Did, new(), Go);
        }

        await Cluster.UntilAsync(
            async () => (await StatusAsync(ann, topic)).Policy!.MayWrite, () => "not invited");
        await PublishAsync(ann, topic, "seen");
        await HoldsAsync(owner, topic, 1);

        await cluster.StopAsync(owner);
        await PublishAsync(ann, topic, "not seen");
        await PublishAsync(ann, topic, "nor this");
        await HoldsAsync(bob, topic, 3);
        await cluster.StopAsync(ann);
        await cluster.StopAsync(bob);
        owner = await cluster.StartAsync("owner", null);
        await owner.Policies.RevokeAsync(topic.Name, ann.Did, Go);
        bob = await cluster.StartAsync("bob", null, owner);

        ClosedLog? closed = null;
        await Cluster.UntilAsync(
            async () => (closed = (await bob.ClosedLogsAsync(Go)).SingleOrDefault()) is not null,
            () => "ann's log is not closed");
        Assert.Equal((topic.Name, ann.Did, 2), (closed!.Topic, closed.Log.Author, closed.Slot));
        Assert.Equal((null, 2), (closed.Proof, closed.Disputed));
    }

    private static Task HoldsAsync(GossipNode node, TopicRef topic, int entries) =>
        Cluster.UntilAsync(
            async () => (await node.ReadAsync(topic.Name, 0, 9, Go)).Length == entries,
            () => $"{entries} are not there");

    private static Task<Receipt> PublishAsync(GossipNode node, TopicRef topic, string text) =>
        node.PublishAsync(topic.Name, Encoding.UTF8.GetBytes(text), Go);

    private static async Task<TopicStatus> StatusAsync(GossipNode node, TopicRef topic) =>
        (await node.TopicsAsync(Go)).Single(t => t.Id == topic.Id);
}
