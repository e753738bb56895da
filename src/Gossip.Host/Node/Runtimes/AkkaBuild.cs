using Gossip.Actors;
using Gossip.Akka;

namespace Gossip.Host.Node;

/// <summary>Which runtimes does this build have? Both; Akka.NET unless told otherwise.</summary>
internal static class Runtimes
{
    public const RuntimeKind Default = RuntimeKind.Akka;

    public static Task<GossipNode> StartAsync(
        NodeSettings settings, GossipParts parts, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop) => settings.Runtime == RuntimeKind.Embedded
        ? GossipNode.StartAsync(settings.Options, parts, logs, time, stop)
        : AkkaGossip.StartAsync(
            settings.Options, parts, settings.Akka ?? "", logs, time, stop);
}
