using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Nodes;

/// <summary>Does a node that replaces its key stay who it is to everybody else?</summary>
[Trait("Row", "D14")]
public abstract class KeyRotationSuite
{
    private protected abstract Cluster NewCluster();

    [Fact]
    public async Task Its_logs_end_its_rights_follow_and_it_is_another_after_a_restart()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var plans = await a.Policies.CreateAsync("plans", new(), CancellationToken.None);
        await a.Policies.InviteAsync(plans.Name, b.Did, new(), CancellationToken.None);
        await b.JoinAsync(plans, CancellationToken.None);
        await Cluster.PublishAsync(b, "as the old");
        await CanWriteAsync(b, plans.Name, "secret, as the old");
        await Cluster.ConvergeAsync(1, a, b);
        await PayloadsAsync(a, plans.Name, 1);
        var watch = RotatedAsync(a, plans.Name);

        var rotation = await b.RotateKeyAsync(CancellationToken.None);
        Assert.Equal(b.Did, rotation.Old);
        Assert.Equal(1, rotation.Peers);
        Assert.All(rotation.Topics, topic => Assert.Single(topic.Ends));
        var refusal = await Assert.ThrowsAsync<GossipException>(
            () => Cluster.PublishAsync(b, "too late"));
        Assert.Equal("key-rotated", refusal.Code);
        Assert.Contains(b.Status().NotReady, r => r.Contains("restart", StringComparison.Ordinal));
        Assert.Equal(rotation, await b.RotateKeyAsync(CancellationToken.None));
        var told = await watch.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((rotation.Old, rotation.New), (told.Old, told.New));
        await cluster.StopAsync(b);

        var c = await cluster.StartAsync("b", null, a);
        Assert.Equal(rotation.New, c.Did);
        await Cluster.PublishAsync(c, "as the new");
        await CanWriteAsync(c, plans.Name, "secret, as the new");
        await PayloadsAsync(a, plans.Name, 2);
        await Cluster.ConvergeAsync(2, a, c);
        var closure = Assert.Single((await Cluster.StatusAsync(a)).Closures);
        Assert.Equal(rotation.New, closure.Proof.Rotation!.Successor);
        Assert.Single(Directory.GetFiles(
            cluster.DirectoryOf("b"), NextKey.RotatedPrefix + "*"));
    }

    [Fact]
    public async Task An_owner_goes_on_deciding_under_its_new_key()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var plans = await a.Policies.CreateAsync("plans", new(), CancellationToken.None);
        await a.Policies.InviteAsync(plans.Name, b.Did, new(), CancellationToken.None);
        await a.PublishAsync(plans.Name, "first"u8.ToArray(), CancellationToken.None);
        await b.JoinAsync(plans, CancellationToken.None);
        await PayloadsAsync(b, plans.Name, 1);

        var rotation = await a.RotateKeyAsync(CancellationToken.None);
        Assert.Equal(2, rotation.Topics.Single(t => t.Topic == plans.Name).Ends.Length);
        await OwnerAsync(b, plans.Name, rotation.New);
        await cluster.StopAsync(a);
        a = await cluster.StartAsync("a", null, b);
        await a.PublishAsync(plans.Name, "second"u8.ToArray(), CancellationToken.None);
        await PayloadsAsync(b, plans.Name, 2);

        await a.Policies.RevokeAsync(plans.Name, b.Did, CancellationToken.None);
        await Cluster.UntilAsync(
            async () => (await StatusAsync(b, plans.Name)).Policy!.MayWrite == false,
            () => "b may still write");
    }

    [Fact]
    public async Task What_was_begun_is_finished_by_the_next_start()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        await Cluster.PublishAsync(a, "as the old");
        var old = a.Did;
        await cluster.StopAsync(a);
        using var next = KeyFile.LoadOrCreate(
            cluster.DirectoryOf("a"), NextKey.Name, null);

        var unfinished = await cluster.StartAsync("a", null);
        Assert.Equal(old, unfinished.Did);
        Assert.Contains(
            unfinished.Status().NotReady,
            r => r.Contains(next.Self.ToString(), StringComparison.Ordinal));
        await cluster.StopAsync(unfinished);

        var renewed = await cluster.StartAsync("a", null);
        Assert.Equal(next.Self, renewed.Did);
        Assert.Empty(renewed.Status().NotReady);
        await Cluster.UntilAsync(
            async () => (await Cluster.StatusAsync(renewed)).Closures.Length > 0,
            () => "no log is closed");
        var closure = Assert.Single((await Cluster.StatusAsync(renewed)).Closures);
        Assert.Equal(next.Self, closure.Proof.Rotation!.Successor);
    }

    [Fact]
    public async Task A_key_that_was_given_is_not_the_nodes_to_replace()
    {
        await using var cluster = new Cluster(new(), onDisk: false);
        var a = await cluster.StartAsync("a", null);
        var refusal = await Assert.ThrowsAsync<GossipException>(
            () => a.RotateKeyAsync(CancellationToken.None));
        Assert.Equal("key-given", refusal.Code);
        await Cluster.PublishAsync(a, "still");
    }

    private static async Task<NodeEvent.Rotated> RotatedAsync(GossipNode node, TopicName topic)
    {
        await foreach (var happened in node.WatchAsync(CancellationToken.None))
        {
            if (happened is NodeEvent.Rotated rotated && rotated.Topic == topic)
            {
                return rotated;
            }
        }

        throw new InvalidOperationException("The node stopped before.");
    }

    private static async Task<TopicStatus> StatusAsync(GossipNode node, TopicName topic) =>
        (await node.TopicsAsync(CancellationToken.None)).Single(t => t.Name == topic);

    /// <summary>Until the policy says so here.</summary>
    private static async Task CanWriteAsync(GossipNode node, TopicName topic, string text)
    {
        await Cluster.UntilAsync(
            async () => (await StatusAsync(node, topic)).Policy?.MayWrite == true,
            () => $"{node.Did} may not write");
        await node.PublishAsync(topic, Encoding.UTF8.GetBytes(text), CancellationToken.None);
    }

    private static Task OwnerAsync(GossipNode node, TopicName topic, Did owner) =>
        Cluster.UntilAsync(
            async () => owner.Equals((await StatusAsync(node, topic)).Policy?.Owner),
            () => $"{owner} is not the owner");

    private static Task PayloadsAsync(GossipNode node, TopicName topic, int count) =>
        Cluster.UntilAsync(
            async () => (await node.ReadAsync(topic, 0, 100, CancellationToken.None))
                .Sum(d => d.Payloads.Length) == count,
            () => $"not {count} payloads");
}
