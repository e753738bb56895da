using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Actors.Hosting;

/// <summary>Is the host's node running? Starts it with the host, stops it in order.</summary>
public sealed class HostedGossip : IHostedService, IAsyncDisposable
{
    private readonly TaskCompletionSource<GossipNode> _started =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly IServiceProvider _provider;
    private readonly GossipBuilder _builder;

    internal HostedGossip(IServiceProvider provider, GossipBuilder builder) =>
        (_provider, _builder) = (provider, builder);

    /// <exception cref="GossipException">not-started, or why it could not start.</exception>
    public GossipNode Node => _started.Task.IsCompleted
        ? _started.Task.GetAwaiter().GetResult()
        : throw new GossipException(
            "not-started",
            "The node starts with the host: await HostedGossip.NodeAsync, or start the host.");

    /// <summary>The node, once it runs.</summary>
    /// <exception cref="GossipException">Why it could not start.</exception>
    public Task<GossipNode> NodeAsync(CancellationToken stop) => _started.Task.WaitAsync(stop);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        GossipNode? node = null;
        try
        {
            node = await GossipNode.StartAsync(
                _builder.OptionsOf(_provider),
                _builder.PartsOf(_provider),
                _provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
                _provider.GetService<TimeProvider>() ?? TimeProvider.System,
                cancellationToken).ConfigureAwait(false);
            foreach (var (topic, name, create) in _builder.ActorsOf(_provider))
            {
                await node.AttachAsync(topic, name, create, cancellationToken)
                    .ConfigureAwait(false);
            }

            _started.SetResult(node);
        }
        catch (Exception e)
        {
            await (node?.DisposeAsync().AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
            _started.TrySetException(e);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => _started.Task.IsCompletedSuccessfully
        ? _started.Task.Result.DisposeAsync()
        : ValueTask.CompletedTask;
}
