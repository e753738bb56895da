namespace Gossip.Tests.Nodes;

/// <summary>Do whole nodes, on real sockets and disks, end with the same entries?</summary>
public sealed class ThreeNodesTests
{
    [Fact]
    [Row("A6")]
    [Row("C1")]
    public async Task Three_nodes_publish_and_end_with_the_same_entries()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var c = await cluster.StartAsync("c", null, a, b);
        var publishes = new[] { a, b, c }.SelectMany((node, n) =>
            Enumerable.Range(0, 50).Select(i => Cluster.PublishAsync(node, $"{n}-{i}")));
        await Task.WhenAll(publishes);

        await Cluster.ConvergeAsync(150, a, b, c);
        foreach (var node in new[] { a, b, c })
        {
            var texts = await Cluster.ReadAllAsync(node);
            Assert.Equal(150, texts.Distinct().Count());
            Assert.Equal(150, texts.Count);
        }
    }

    [Fact]
    [Row("A9")]
    public async Task A_stopped_node_comes_back_with_its_log_and_catches_up()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", null);
        var b = await cluster.StartAsync("b", null, a);
        var before = await Cluster.PublishAsync(b, "before");
        await Cluster.ConvergeAsync(1, a, b);
        await cluster.StopAsync(b);
        await Cluster.PublishAsync(a, "meanwhile");

        b = await cluster.StartAsync("b", null, a);
        var after = await Cluster.PublishAsync(b, "after");
        await Cluster.ConvergeAsync(3, a, b);
        Assert.Equal(before[0].Dot.Log, after[0].Dot.Log);
        Assert.Equal(before[0].Dot.Seq + 1, after[0].Dot.Seq);
    }

    [Fact]
    [Row("B3")]
    public async Task Without_push_rounds_alone_bring_everything()
    {
        await using var cluster = new Cluster();
        var a = await cluster.StartAsync("a", o => o with { Push = false });
        var b = await cluster.StartAsync("b", o => o with { Push = false }, a);
        for (var i = 0; i < 20; i++)
        {
            await Cluster.PublishAsync(a, $"a{i}");
            await Cluster.PublishAsync(b, $"b{i}");
        }

        await Cluster.ConvergeAsync(40, a, b);
    }
}
