using Gossip.Actors;
using Microsoft.Extensions.Logging;

namespace Gossip.Benchmarks.Worker;

/// <summary>What runs the measured nodes? In this build: the project's own runtime.</summary>
internal static class Runtimes
{
    public static Task<GossipNode> StartAsync(
        GossipOptions options, ILoggerFactory logs, TimeProvider time) =>
        GossipNode.StartAsync(options, logs, time, CancellationToken.None);
}
