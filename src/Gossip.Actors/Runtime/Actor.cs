using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// A machine with a mailbox: one signal at a time, effects handed to the switchboard. Nothing is
/// caught here: what a machine throws ends it, and the supervisor decides.
/// </summary>
internal sealed class Actor(
    MachineId id, IMachine machine, long generation, int mailboxMax, NodeClock clock)
{
    private readonly TaskCompletionSource _fault = new();
    private readonly Dictionary<Link, long> _owed = [];

    public MachineId Id => id;

    /// <summary>
    /// Counts the machines that were made under this id; the store refuses older ones.
    /// </summary>
    public long Generation => generation;

    public Mailbox Mailbox { get; } = new(mailboxMax);

    /// <summary>Something that this machine asked for cannot be done: it ends.</summary>
    public void Fail(Exception reason) => _fault.TrySetException(reason);

    /// <summary>Runs until it is stopped or throws.</summary>
    public async Task RunAsync(Action<Actor, Effect> perform, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loop = LoopAsync(perform, ended.Token);
        var first = await Task.WhenAny(loop, _fault.Task).ConfigureAwait(false);
        if (first == _fault.Task)
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await first.ConfigureAwait(false);
    }

    /// <summary>Bytes of messages that it took, or never will: readers get them back.</summary>
    public IEnumerable<Signal> Abandon(Action<Link, long> giveBack)
    {
        foreach (var (link, bytes) in _owed)
        {
            giveBack(link, bytes);
        }

        _owed.Clear();
        return Mailbox.Abandon();
    }

    private async Task LoopAsync(Action<Actor, Effect> perform, CancellationToken stop)
    {
        var outbox = new Outbox();
        await foreach (var signal in Mailbox.ReadAllAsync(stop).ConfigureAwait(false))
        {
            Owe(signal);
            stop.ThrowIfCancellationRequested();
            using (Stages.Measure(StageOf(signal)))
            {
                machine.Handle(signal, clock.Now, outbox);
                foreach (var effect in outbox.Drain())
                {
                    if (effect is Effect.Credit(var link, var bytes) && _owed.ContainsKey(link))
                    {
                        _owed[link] -= bytes;
                    }

                    perform(this, effect);
                }
            }
        }
    }

    private Stage StageOf(Signal signal) => id switch
    {
        MachineId.Topic => Stage.Topic,
        MachineId.Session => signal is Signal.Frame ? Stage.Decode : Stage.Encode,
        _ => Stage.Ledger,
    };

    private void Owe(Signal signal)
    {
        switch (signal)
        {
            case Signal.Received(var link, _, _, var bytes):
                _owed[link] = _owed.GetValueOrDefault(link) + bytes;
                break;
            case Signal.PeerDown(var link, _):
                _owed.Remove(link);
                break;
        }
    }
}

/// <summary>Which moment is it? One start for every machine of a node.</summary>
internal sealed class NodeClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public Moment Now => new(
        time.GetElapsedTime(_start), time.GetUtcNow().ToUnixTimeMilliseconds());
}
