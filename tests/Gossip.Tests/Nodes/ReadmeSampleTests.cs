using Gossip.Actors;
using Gossip.Actors.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Tests.Nodes;

/// <summary>Does the README's sample of the library do what it says?</summary>
public sealed class ReadmeSampleTests
{
    [Fact]
    [Row("F12")]
    public async Task The_sample_publishes_and_follows()
    {
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(30), TimeProvider.System);
        var stop = deadline.Token;
        await using var node = await GossipNode.StartAsync(
            new GossipOptions { Listen = null },
            NullLoggerFactory.Instance, TimeProvider.System, stop);

        var topic = new TopicName("news");
        await node.JoinAsync(topic, stop);
        var receipts = await node.PublishAsync(topic, [new Payload("hello"u8.ToArray())], stop);

        await foreach (var delivered in node.SubscribeAsync(topic, after: 0, stop))
        {
            Assert.Equal(receipts[0].Entry, delivered.Entry.Id);
            Assert.Equal(receipts[0].Position, delivered.Position);
            break;
        }
    }
}
