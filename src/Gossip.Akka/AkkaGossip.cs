using Akka.Actor;
using Akka.Configuration;
using Gossip.Actors;
using Gossip.Actors.Storage;
using Gossip.Akka.Persistence;
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

    /// <summary>
    /// Starts a node in a system that is there already, beside other actors; the system goes on
    /// when the node has ended. One node a system. Its settings must hold those of
    /// <see cref="SettingsOf"/>.
    /// </summary>
    /// <exception cref="GossipException">As on the embedded runtime.</exception>
    public static Task<GossipNode> StartAsync(
        ActorSystem system,
        GossipOptions options,
        GossipParts parts,
        ILoggerFactory logs,
        TimeProvider time,
        CancellationToken stop) => GossipNode.StartAsync(
        options, parts with { Runtime = new AkkaRuntime(options, system) }, logs, time, stop);

    /// <summary>
    /// What such a system needs below its own settings: where it listens, its certificate (made in
    /// the data directory when it is missing), its journal, and what keeps strangers out.
    /// </summary>
    public static Config SettingsOf(GossipOptions options)
    {
        var directory = options.DataDirectory ?? throw new ArgumentException(
            "A node in a given system keeps its entries on disk: set a data directory.",
            nameof(options));

        // Made here, if it is missing, so that only its owner may enter.
        DataDirectory.Open(directory).Dispose();
        return JournalConfig.Sqlite(directory).WithFallback(AkkaSystem.Of(options, directory));
    }
}
