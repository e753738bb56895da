using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>An actor of our own small runtime: a loop over its mailbox, in a task.</summary>
internal sealed class EmbeddedActor(
    MachineId id,
    IMachine machine,
    long generation,
    int mailboxMax,
    NodeClock clock,
    CancellationToken stopping)
    : Actor(id, machine, generation, mailboxMax, clock)
{
    /// <summary>Timers count whole milliseconds: less would not wait at all.</summary>
    private static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    private readonly TaskCompletionSource _fault = new();

    public override void Fail(Exception reason) => _fault.TrySetException(reason);

    public override void TellLater(TimeSpan delay, Signal signal) =>
        _ = TellLaterAsync(delay, signal);

    /// <summary>Runs until it is stopped or throws.</summary>
    public async Task RunAsync(Action<Actor, Effect> perform)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var loop = LoopAsync(perform, ended.Token);
        var first = await Task.WhenAny(loop, _fault.Task).ConfigureAwait(false);
        if (first == _fault.Task)
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await first.ConfigureAwait(false);
    }

    private async Task LoopAsync(Action<Actor, Effect> perform, CancellationToken stop)
    {
        await foreach (var signal in Mailbox.ReadAllAsync(stop).ConfigureAwait(false))
        {
            Take(signal, perform, stop);
        }
    }

    /// <summary>
    /// A timer may fire a moment before the clock that the machine reads gets there.
    /// </summary>
    private async Task TellLaterAsync(TimeSpan delay, Signal signal)
    {
        var due = Clock.Now.Elapsed + delay;
        for (var left = delay; left > TimeSpan.Zero; left = due - Clock.Now.Elapsed)
        {
            await Task.Delay(left > TimerStep ? left : TimerStep, Clock.Time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }
        }

        TryTell(signal);
    }
}
