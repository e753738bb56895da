using Gossip.Actors;
using Gossip.Actors.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gossip.Samples;

/// <summary>A node as a service, with a topic actor that takes services itself.</summary>
public static class HostingSample
{
    public static async Task RunAsync(TextWriter output, CancellationToken stop)
    {
        var services = new ServiceCollection();
        services.AddSingleton<Words>();
        services.AddGossip(new GossipOptions { Listen = null })
            .AddTopicActor<WordCount>("news");

        // What an application's host does.
        await using var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(stop);
        }

        var node = provider.GetRequiredService<GossipNode>();
        var receipt = await node.PublishAsync(Samples.Topic, "hello host"u8.ToArray(), stop);
        await TopicActorSample.CaughtUpAsync(node, receipt.Position, stop);
        await output.WriteLineAsync(
            $"{provider.GetRequiredService<Words>().Total} words in the host");
    }
}
