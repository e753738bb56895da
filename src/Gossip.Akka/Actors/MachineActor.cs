using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Akka.Actors;

/// <summary>
/// A machine as an Akka actor: a topic, a peer's session, the clock ledger, anti-entropy, the peer
/// book. It decides nothing: the machine does, and its supervisor when the machine throws.
/// </summary>
internal sealed class MachineActor : ReceiveActor, IWithTimers
{
    /// <summary>Signals of one turn: then other actors of the dispatcher have theirs.</summary>
    private const int SignalsPerTurn = 64;

    private readonly MachineRef _machine;

    public MachineActor(MachineRef machine, SupervisorHooks hooks)
    {
        _machine = machine;
        Receive<Work>(work =>
        {
            if (machine.Work(SignalsPerTurn, hooks.Perform))
            {
                Self.Tell(work);
            }
        });
        Receive<Later>(machine.Hear);
        Receive<Broken>(broken => throw broken.Reason);
        Receive<Complete>(_ =>
        {
            while (machine.Work(SignalsPerTurn, hooks.Perform))
            {
                // Nothing more comes; what waits is still acted on.
            }

            Context.Stop(Self);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Of(MachineRef machine, SupervisorHooks hooks) =>
        Props.Create(() => new MachineActor(machine, hooks));

    protected override void PreStart() => _machine.Start(Self, Timers);

    protected override void PostStop() => _machine.End();

    /// <summary>Akka's supervisors decide by the exception; ours keeps it, too.</summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception fault)
        {
            _machine.Fault = fault;
            throw;
        }
    }

    /// <summary>Something waits in the machine's mailbox.</summary>
    public sealed class Work
    {
        public static readonly Work Instance = new();
    }

    /// <summary>A signal that is due at this time of the node's clock.</summary>
    public sealed record Later(TimeSpan Due, Signal Signal);

    /// <summary>What the machine asked for cannot be done: it ends.</summary>
    public sealed record Broken(Exception Reason);

    /// <summary>It has been told its last signal.</summary>
    public sealed class Complete
    {
        public static readonly Complete Instance = new();
    }
}
