using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>What do callers hear of a node that stops? An answer, each of them.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(8192)]
    [InlineData(2)]
    [Row("E2")]
    public async Task A_stop_amid_a_thousand_publishes_answers_each_and_loses_none_it_acknowledged(
        int publishesMax)
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync(
            "a", o => o with { Sizes = o.Sizes with { PublishesMax = publishesMax } });
        var publishes = Enumerable.Range(0, 1000)
            .Select(i => Task.Run(() => PublishAsync(node, $"{i}")))
            .ToArray();
        await Task.WhenAny(publishes);
        await cluster.StopAsync(node);
        var codes = await Task.WhenAll(publishes).WaitAsync(Deadline, TimeProvider.System);

        Assert.All(codes, c => Assert.True(c is null or "stopped", c));
        node = await cluster.StartAsync("a", null);
        var held = (await Cluster.ReadAllAsync(node)).ToHashSet();
        for (var i = 0; i < codes.Length; i++)
        {
            Assert.True(codes[i] is not null || held.Contains($"{i}"), $"{i} is lost");
        }
    }

    [Fact]
    [Row("F8")]
    public async Task Every_call_after_a_stop_says_that_the_node_is_stopped()
    {
        await using var cluster = new Cluster();
        var node = await cluster.StartAsync("a", null);
        var receipt = (await Cluster.PublishAsync(node, "before"))[0];
        await cluster.StopAsync(node);
        foreach (var call in new Func<Task>[]
        {
            () => Cluster.PublishAsync(node, "after"),
            () => Cluster.ReadAllAsync(node),
            () => Cluster.StatusAsync(node),
            () => node.FindAsync(receipt.Entry, CancellationToken.None),
            () => node.SyncAsync(null, CancellationToken.None),
            () => node.JoinAsync(new("later"), CancellationToken.None),
        })
        {
            Assert.Equal("stopped", (await Assert.ThrowsAsync<GossipException>(call)).Code);
        }

        Assert.Contains("the node is stopping", node.Status().NotReady);
    }

    private static async Task<string?> PublishAsync(GossipNode node, string text)
    {
        try
        {
            await node.PublishAsync(
                Cluster.Topic,
                [new Payload(Encoding.UTF8.GetBytes(text))],
                CancellationToken.None);
            return null;
        }
        catch (GossipException e)
        {
            return e.Code;
        }
    }
}
