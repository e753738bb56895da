using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// One generation of a machine, and what waits for it. One signal at a time; the effects are
/// performed by its supervisor. A runtime derives from it, and says what a turn is.
/// </summary>
internal abstract class Actor(
    MachineId id, IMachine machine, long generation, int mailboxMax, NodeClock clock)
{
    private readonly Outbox _outbox = new();
    private readonly Dictionary<Link, long> _owed = [];

    public MachineId Id => id;

    /// <summary>
    /// Counts the machines that were made under this id; the store refuses older ones.
    /// </summary>
    public long Generation => generation;

    public Mailbox Mailbox { get; } = new(mailboxMax);

    protected NodeClock Clock => clock;

    /// <summary>False when it is full and this may be lost: the caller makes up for it.</summary>
    public bool TryTell(Signal signal)
    {
        var isTaken = Mailbox.TryTell(signal);
        if (isTaken)
        {
            Wake();
        }

        return isTaken;
    }

    /// <summary>For the edge only: a socket reader waits for room.</summary>
    public async ValueTask TellAsync(Signal signal, CancellationToken stop)
    {
        await Mailbox.TellAsync(signal, stop).ConfigureAwait(false);
        Wake();
    }

    /// <summary>
    /// Tells it after a while, unless it is gone by then. Never early: a machine that finds nothing
    /// due would wait for ever.
    /// </summary>
    public abstract void TellLater(TimeSpan delay, Signal signal);

    /// <summary>Something that this machine asked for cannot be done: it ends.</summary>
    public abstract void Fail(Exception reason);

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

    /// <summary>
    /// Handles one signal. Nothing is caught here: what a machine throws ends it, and the
    /// supervisor decides.
    /// </summary>
    protected void Take(
        Signal signal, Action<Actor, Effect> perform, CancellationToken stop = default)
    {
        Owe(signal);
        stop.ThrowIfCancellationRequested();
        using (Stages.Measure(StageOf(signal)))
        {
            machine.Handle(signal, clock.Now, _outbox);
            foreach (var effect in _outbox.Drain())
            {
                if (effect is Effect.Credit(var link, var bytes) && _owed.ContainsKey(link))
                {
                    _owed[link] -= bytes;
                }

                perform(this, effect);
            }
        }
    }

    /// <summary>Something waits in the mailbox.</summary>
    protected virtual void Wake()
    {
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
