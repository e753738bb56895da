using Gossip.Actors;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>Which runtimes does this build have? This one: the project's own.</summary>
internal static class Runtimes
{
    public const RuntimeKind Default = RuntimeKind.Embedded;

    /// <exception cref="CommandException">runtime-missing: another one is asked for.</exception>
    public static Task<GossipNode> StartAsync(
        NodeSettings settings, GossipParts parts, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop) => settings.Runtime == RuntimeKind.Embedded
        ? GossipNode.StartAsync(settings.Options, parts, logs, time, stop)
        : throw CommandException.Failed("runtime-missing",
            "gossip.runtime is akka, and this build has no Akka.NET. Build one that has: dotnet "
            + "build src/Gossip.Host -p:GossipRuntime=akka (or set gossip.runtime = embedded).");
}
