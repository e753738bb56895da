using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What does a node stand on? Its directory, key, store and transport: made, or given.
/// </summary>
internal sealed class NodeGround(
    DataDirectory? directory,
    IKeys keys,
    NextKey? nextKey,
    IEntryStore store,
    ITransport transport,
    INodeRuntime runtime,
    bool ownsStore)
    : IAsyncDisposable
{
    /// <summary>Null where the key is not this node's to replace.</summary>
    public NextKey? NextKey => nextKey;

    public IKeys Keys => keys;

    public IEntryStore Store => store;

    public ITransport Transport => transport;

    /// <exception cref="GossipException">directory-…, key-…, store-…: with what to do.</exception>
    public static async Task<NodeGround> PrepareAsync(
        GossipOptions options,
        GossipParts parts,
        ILogger logger,
        TimeProvider time,
        CancellationToken stop)
    {
        var directory = options.DataDirectory is { } path ? DataDirectory.Open(path) : null;
        try
        {
            var own = directory is null
                ? parts.Keys as EcKeys ?? EcKeys.Generate()
                : parts.Keys as EcKeys
                    ?? KeyFile.LoadOrCreate(directory.Path, PassphraseOf(options, parts));
            var store = parts.Store
                ?? await parts.Runtime.OpenStoreAsync(directory?.Path, logger, time, stop)
                    .ConfigureAwait(false);
            return new(
                directory,
                parts.Keys ?? own,
                directory is null || parts.Keys is not null
                    ? null
                    : new(directory.Path, PassphraseOf(options, parts), time),
                store,
                parts.Transport ?? parts.Runtime.Transport(own, options, time),
                parts.Runtime,
                parts.Store is null);
        }
        catch (Exception e)
        {
            await parts.Runtime.DisposeAsync().ConfigureAwait(false);
            directory?.Dispose();
            if (e is StoreException)
            {
                throw Reasons.Of(e);
            }

            throw;
        }
    }

    /// <exception cref="GossipException">address-unusable.</exception>
    public async Task<IListener> ListenAsync(string address, CancellationToken stop)
    {
        try
        {
            return await transport.ListenAsync(address, stop).ConfigureAwait(false);
        }
        catch (TransportException e)
        {
            throw new GossipException("address-unusable", e.Message, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (ownsStore)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }

        directory?.Dispose();
        await runtime.DisposeAsync().ConfigureAwait(false);
    }

    private static Passphrase? PassphraseOf(GossipOptions options, GossipParts parts) =>
        options.KeyPassphraseFile is { } path ? Passphrase.FromFile(path) : parts.KeyPassphrase;
}
