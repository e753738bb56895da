using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Gossip.Akka.Actors;
using Microsoft.Extensions.Logging;

namespace Gossip.Akka.Tests.Actors;

/// <summary>
/// Only the actors are Akka's, of several nodes in one system; frames and entries go by the
/// project's own TCP and SQLite. So a suite that fails here fails because of the actors.
/// </summary>
internal sealed class SharedSystem(ActorSystem system, string name) : INodeRuntime
{
    private readonly EmbeddedRuntime _own = new();

    public Supervisor Supervise(RuntimeGround ground) => new AkkaSupervisor(system, name, ground);

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        _own.Transport(keys, options, time);

    public Task<IEntryStore> OpenStoreAsync(
        string? directory, ILogger logger, TimeProvider time, CancellationToken stop) =>
        _own.OpenStoreAsync(directory, logger, time, stop);

    public void Begin(GossipNode node)
    {
    }

    public ValueTask DisposeAsync() => default;
}
