using Gossip.Actors.Protocol;

namespace Gossip.Samples;

/// <summary>Watches a node; too slow a watcher misses events, and is told how many.</summary>
public static class EventsSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var seed = await Samples.StartAsync(stop);
        await using var member = await Samples.StartAsync(stop, seed);
        await using var events = member.WatchAsync(stop).GetAsyncEnumerator(stop);
        var next = events.MoveNextAsync().AsTask();
        await seed.PublishAsync(Samples.Topic, "x"u8.ToArray(), stop);
        while (await next && events.Current is not NodeEvent.Received)
        {
            next = events.MoveNextAsync().AsTask();
        }

        await output.WriteLineAsync($"{events.Current.GetType().Name} an entry of the seed");
    }
}
