using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who writes down whom this node keeps out? In the order of its decisions, and beside everything
/// else: a disk that cannot take it now changes nothing but what the next process knows.
/// </summary>
internal sealed class Verdicts(IEntryStore store, ILogger logger, CancellationToken stop)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public void Remember(Verdict verdict) =>
        Then(() => store.WriteVerdictAsync(verdict, stop));

    public void Forget(Did did, VerdictKind kind) =>
        Then(() => store.RemoveVerdictAsync(did, kind, stop));

    private void Then(Func<Task> write)
    {
        lock (_gate)
        {
            _last = AfterAsync(_last, write);
        }
    }

    private async Task AfterAsync(Task before, Func<Task> write)
    {
        await before.ConfigureAwait(false);
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            logger.VerdictNotKept(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node stops.
        }
    }
}
