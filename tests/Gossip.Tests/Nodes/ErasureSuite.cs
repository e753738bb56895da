using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Nodes;

/// <summary>Are payloads that were taken back gone at every node, now and later?</summary>
[Trait("Row", "G14")]
public abstract class ErasureSuite
{
    private protected abstract Cluster NewCluster();

    [Fact]
    public async Task What_its_author_erases_is_gone_everywhere_and_whoever_comes_later()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        await Cluster.PublishAsync(a, "kept");
        var secret = (await Cluster.PublishAsync(a, "secret"))[0];
        await Cluster.ConvergeAsync(2, a, b);
        var refusal = await Assert.ThrowsAsync<GossipException>(
            () => b.EraseAsync(secret.Entry, CancellationToken.None));
        Assert.Equal("erase-refused", refusal.Code);
        refusal = await Assert.ThrowsAsync<GossipException>(
            () => b.EraseAsync(new(Hash.OfBytes([1])), CancellationToken.None));
        Assert.Equal("entry-unknown", refusal.Code);

        await a.EraseAsync(secret.Entry, CancellationToken.None);
        await a.EraseAsync(secret.Entry, CancellationToken.None);
        await Cluster.ConvergeAsync(1, a, b);
        var c = await cluster.StartAsync("c", null, b);
        await Cluster.ConvergeAsync(1, a, b, c);
        foreach (var node in new[] { a, b, c })
        {
            Assert.Equal(["kept"], await Cluster.ReadAllAsync(node));
            var found = (await node.FindAsync(secret.Entry, CancellationToken.None))!;
            Assert.True(found.IsErased);
            Assert.Equal(3, (await Cluster.StatusAsync(node)).Statistics.Entries);
        }

        await cluster.StopAsync(b);
        b = await cluster.StartAsync("b", null, c);
        Assert.Equal(["kept"], await Cluster.ReadAllAsync(b));
    }

    [Fact]
    public async Task The_owner_of_a_topic_erases_what_a_member_wrote()
    {
        await using var cluster = NewCluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var plans = await a.Policies.CreateAsync("plans", new(), CancellationToken.None);
        await a.Policies.InviteAsync(plans.Name, b.Did, new(), CancellationToken.None);
        await b.JoinAsync(plans, CancellationToken.None);
        await Cluster.UntilAsync(
            async () => (await b.TopicsAsync(CancellationToken.None))
                .Single(t => t.Name == plans.Name).Policy?.MayWrite == true,
            () => "b may not write");
        var receipt = await b.PublishAsync(
            plans.Name, "secret"u8.ToArray(), CancellationToken.None);
        await IsErasedAsync(a, receipt.Entry, false);

        await a.EraseAsync(receipt.Entry, CancellationToken.None);
        await IsErasedAsync(a, receipt.Entry, true);
        await IsErasedAsync(b, receipt.Entry, true);
    }

    private static Task IsErasedAsync(GossipNode node, EntryId id, bool isErased) =>
        Cluster.UntilAsync(
            async () => (await node.FindAsync(id, CancellationToken.None))?.IsErased == isErased,
            () => $"{id} is not {(isErased ? "erased" : "here")}");
}
