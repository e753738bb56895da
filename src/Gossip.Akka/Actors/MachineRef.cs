using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Akka.Actors;

/// <summary>
/// One generation of a machine, as the other parts of the node know it. What is told to it waits in
/// its bounded mailbox, and its Akka actor is woken once, however many signals wait: so the edge
/// waits for room as it does on our own runtime, and Akka's mailbox holds next to nothing.
/// </summary>
internal sealed class MachineRef(
    MachineId id, IMachine machine, long generation, int mailboxMax, NodeClock clock)
    : Actor(id, machine, generation, mailboxMax, clock)
{
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IActorRef? _self;
    private ITimerScheduler? _timers;
    private long _timersStarted;
    private int _isAwake;
    private volatile bool _isComplete;
    private volatile Exception? _broken;

    /// <summary>What ended it; null while it lives, and after an end in order.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Completes when its Akka actor has stopped.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Its Akka actor has started: whatever waits already is read now.</summary>
    public void Start(IActorRef self, ITimerScheduler timers)
    {
        _timers = timers;
        Interlocked.Exchange(ref _self, self);
        Wake();
        if (_broken is { } reason)
        {
            self.Tell(new MachineActor.Broken(reason));
        }
        else if (_isComplete)
        {
            self.Tell(MachineActor.Complete.Instance);
        }
    }

    /// <summary>
    /// Reads what waits, up to so many signals; true when more may wait. On its own turn only.
    /// </summary>
    public bool Work(int signalsMax, Action<Actor, Effect> perform)
    {
        // First: whoever tells something from now on wakes it again.
        Interlocked.Exchange(ref _isAwake, 0);
        for (var i = 0; i < signalsMax; i++)
        {
            if (!Mailbox.TryRead(out var signal))
            {
                return false;
            }

            Take(signal, perform);
        }

        return true;
    }

    /// <summary>On its own turn only: an effect asks for it. Its timers end with it.</summary>
    public override void TellLater(TimeSpan delay, Signal signal) =>
        StartTimer(new(Clock.Now.Elapsed + delay, signal), delay);

    /// <summary>Due, or a moment before: Akka's clock is not the one that machines read.</summary>
    public void Hear(MachineActor.Later later)
    {
        var left = later.Due - Clock.Now.Elapsed;
        if (left > TimeSpan.Zero)
        {
            StartTimer(later, left);
        }
        else
        {
            TryTell(later.Signal);
        }
    }

    public void End() => _ended.TrySetResult();

    /// <summary>It is told nothing more, and stops when it has acted on all it was told.</summary>
    public void Complete()
    {
        Mailbox.Complete();
        _isComplete = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _self)?.Tell(MachineActor.Complete.Instance);
    }

    public override void Fail(Exception reason)
    {
        _broken = reason;

        // It starts at this moment, perhaps: then one of the two sees what the other did.
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _self)?.Tell(new MachineActor.Broken(reason));
    }

    protected override void Wake()
    {
        if (Volatile.Read(ref _self) is { } self && Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            self.Tell(MachineActor.Work.Instance);
        }
    }

    private void StartTimer(MachineActor.Later later, TimeSpan delay) =>
        _timers!.StartSingleTimer(++_timersStarted, later, delay);
}
