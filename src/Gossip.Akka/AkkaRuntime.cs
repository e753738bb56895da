using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Gossip.Akka.Actors;
using Microsoft.Extensions.Logging;

namespace Gossip.Akka;

/// <summary>
/// A node's machines as actors of this system; its frames and its entries by the system's remoting
/// and persistence, unless they are left to the project's own TCP and SQLite.
/// </summary>
internal sealed class AkkaRuntime(ActorSystem system, string name) : INodeRuntime
{
    private readonly EmbeddedRuntime _own = new();

    public Supervisor Supervise(RuntimeGround ground) => new AkkaSupervisor(system, name, ground);

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        _own.Transport(keys, options, time);

    public Task<IEntryStore> OpenStoreAsync(
        string? directory, ILogger logger, TimeProvider time, CancellationToken stop) =>
        _own.OpenStoreAsync(directory, logger, time, stop);

    public ValueTask DisposeAsync() => default;
}
