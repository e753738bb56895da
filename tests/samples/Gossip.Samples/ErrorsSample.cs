using Gossip.Actors;
using Gossip.Actors.Protocol;

namespace Gossip.Samples;

/// <summary>Each refused call has a stable code, and a message that says what to do.</summary>
public static class ErrorsSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var node = await Samples.StartAsync(stop);
        Func<Task>[] calls =
        [
            () => node.PublishAsync(new TopicName("unknown"), "x"u8.ToArray(), stop),
            () => node.PublishAsync(Samples.Topic, new byte[300 * 1024], stop),
            () => node.SubscribeAsync(Samples.Topic, name: "", stop),
            () => node.ResumeActorAsync(Samples.Topic, "nobody", skip: true, stop),
        ];
        foreach (var call in calls)
        {
            try
            {
                await call();
            }
            catch (GossipException refused)
            {
                await output.WriteLineAsync($"{refused.Code}: {refused.Message}");
            }
        }
    }
}
