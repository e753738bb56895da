using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who writes down whom this node keeps out? In the order of its decisions, and beside everything
/// else: a disk that cannot take it now changes nothing but what the next process knows.
/// </summary>
internal sealed class Exclusions(IEntryStore store, ILogger logger, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public void Keep(Effect effect)
    {
        lock (_gate)
        {
            _last = AfterAsync(_last, effect);
        }
    }

    private async Task AfterAsync(Task before, Effect effect)
    {
        await before.ConfigureAwait(false);
        try
        {
            await WriteAsync(effect).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            logger.ExclusionNotKept(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private Task WriteAsync(Effect effect) => effect switch
    {
        Effect.Remember(var exclusion) => store.WriteExclusionAsync(exclusion, stop),
        Effect.Forget(var did, var kind) => store.RemoveExclusionAsync(did, kind, stop),
        _ => throw new InvariantException($"{effect.GetType().Name} excludes nobody"),
    };
}
