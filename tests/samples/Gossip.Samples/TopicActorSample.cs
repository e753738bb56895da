using Gossip.Actors;

namespace Gossip.Samples;

/// <summary>Attaches a topic actor to a node and waits until it has seen everything.</summary>
public static class TopicActorSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var node = await Samples.StartAsync(stop);
        var words = new Words();
        await node.AttachAsync(Samples.Topic, "word-count", () => new WordCount(words), stop);
        await node.PublishAsync(Samples.Topic, "three little words"u8.ToArray(), stop);
        var last = await node.PublishAsync(Samples.Topic, "and two"u8.ToArray(), stop);
        await CaughtUpAsync(node, last.Position, stop);
        await output.WriteLineAsync($"{words.Total} words");
    }

    public static async Task CaughtUpAsync(GossipNode node, long position, CancellationToken stop)
    {
        while (node.Actors().Any(actor => actor.Position < position))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stop);
        }
    }
}
