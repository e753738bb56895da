namespace Gossip.Samples;

/// <summary>Leaves for good: everyone knows that nothing more comes from this log.</summary>
public static class EndLogSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var node = await Samples.StartAsync(stop);
        await node.PublishAsync(Samples.Topic, "farewell"u8.ToArray(), stop);
        await node.EndLogAsync(Samples.Topic, stop);
        var topic = (await node.TopicsAsync(stop)).Single();
        await output.WriteLineAsync($"closed at {topic.Closures.Single().Slot}, by its author: "
            + $"{topic.Closures.Single().Proof.IsEnd}");
    }
}
