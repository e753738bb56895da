using Gossip.Actors;
using Gossip.Akka;
using Microsoft.Extensions.Logging;

namespace Gossip.Benchmarks.Worker;

/// <summary>What runs the measured nodes? In this build: Akka.NET.</summary>
internal static class Runtimes
{
    public static Task<GossipNode> StartAsync(
        GossipOptions options, ILoggerFactory logs, TimeProvider time) =>
        AkkaGossip.StartAsync(options, new(), "", logs, time, CancellationToken.None);
}
