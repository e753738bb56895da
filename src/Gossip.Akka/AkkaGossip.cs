using Gossip.Actors;
using Microsoft.Extensions.Logging;

namespace Gossip.Akka;

/// <summary>The door to a node on Akka.NET: the node is the same, and so is its library.</summary>
public static class AkkaGossip
{
    /// <summary>
    /// Starts a node in an actor system of its own, which ends with it. Where it listens, and
    /// bootstraps from, is where its system does; its data directory holds Akka's journal.
    /// </summary>
    /// <param name="options">As on the embedded runtime.</param>
    /// <param name="parts">As on the embedded runtime, but for store and transport.</param>
    /// <param name="akka">HOCON with akka { … }; empty for what is shipped.</param>
    /// <param name="logs">Gets Akka's warnings, too.</param>
    /// <param name="time">The node's clock. Akka's timers have their own.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="GossipException">As on the embedded runtime.</exception>
    public static Task<GossipNode> StartAsync(
        GossipOptions options,
        GossipParts parts,
        string akka,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken stop) => GossipNode.StartAsync(
        options, parts with { Runtime = new AkkaRuntime(options, akka) }, logs, time, stop);
}
