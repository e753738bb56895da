namespace Gossip.Samples;

/// <summary>A consumer that the node remembers: acknowledge, lag, reset.</summary>
public static class NamedSubscriptionSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var node = await Samples.StartAsync(stop);
        foreach (var text in new[] { "one", "two", "three" })
        {
            await node.PublishAsync(Samples.Topic, [Samples.Text(text)], stop);
        }

        var billing = await node.SubscribeAsync(Samples.Topic, "billing", stop);
        await foreach (var delivered in billing.ReadAsync(stop))
        {
            await output.WriteLineAsync($"billed {Samples.TextOf(delivered)}");
            await billing.AcknowledgeAsync(delivered.Position, stop);
            if (billing.Lag == 1)
            {
                break;
            }
        }

        var again = await node.SubscribeAsync(Samples.Topic, "billing", stop);
        await output.WriteLineAsync($"goes on after {again.Position}, {again.Lag} behind");
        await again.ResetAsync(0, stop);
        await output.WriteLineAsync($"after a reset {again.Lag} behind");
    }
}
