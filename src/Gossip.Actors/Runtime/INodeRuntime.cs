using Gossip.Actors.Diagnostics;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What runs a node's machines, carries its frames and keeps its entries, where nothing else was
/// given? The node it was given to disposes of it, last.
/// </summary>
internal interface INodeRuntime : IAsyncDisposable
{
    Supervisor Supervise(RuntimeGround ground);

    ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time);

    /// <param name="directory">Where; null: only in memory.</param>
    /// <param name="logger">Told what a person should know of the store.</param>
    /// <param name="time">The node's.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StoreException">It cannot be opened, and why.</exception>
    Task<IEntryStore> OpenStoreAsync(
        string? directory, ILogger logger, TimeProvider time, CancellationToken stop);

    /// <summary>The node runs.</summary>
    void Begin(GossipNode node);
}

/// <summary>What a supervisor stands on.</summary>
internal sealed record RuntimeGround(
    GossipOptions Options, NodeClock Clock, StatusBoard Board, SupervisorHooks Hooks,
    ILogger Logger);

/// <summary>Our own small runtime, over TCP, on SQLite.</summary>
internal sealed class EmbeddedRuntime : INodeRuntime
{
    public Supervisor Supervise(RuntimeGround ground) => new EmbeddedSupervisor(
        ground.Options, ground.Clock, ground.Board, ground.Hooks, ground.Logger);

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        new TcpTransport(keys, options.Times, options.Sizes, time);

    public async Task<IEntryStore> OpenStoreAsync(
        string? directory, ILogger logger, TimeProvider time, CancellationToken stop)
    {
        if (directory is null)
        {
            return new MemoryStore();
        }

        var store = await SqliteStore.OpenAsync(directory, stop).ConfigureAwait(false);
        if (store.MovedReason is { } reason)
        {
            logger.StoreMoved(reason);
        }

        return store;
    }

    public void Begin(GossipNode node)
    {
    }

    public ValueTask DisposeAsync() => default;
}
