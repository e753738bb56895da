namespace Gossip.Samples;

/// <summary>Everything after a position, then what comes, in causal order.</summary>
public static class SubscribeSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var seed = await Samples.StartAsync(stop);
        await using var member = await Samples.StartAsync(stop, seed);
        await seed.PublishAsync(Samples.Topic, "question"u8.ToArray(), stop);
        long position = 0;
        await foreach (var delivered in member.SubscribeAsync(Samples.Topic, position, stop))
        {
            position = delivered.Position;
            await output.WriteLineAsync($"{position}: {Samples.TextOf(delivered)}");
            if (position == 2)
            {
                break;
            }

            await member.PublishAsync(Samples.Topic, "answer"u8.ToArray(), stop);
        }
    }
}
