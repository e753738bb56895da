using Akka.Actor;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Akka.Actors;

/// <summary>
/// A node: the parent of its machines. A machine that throws knows nothing any more that can be
/// trusted, so it is stopped, not restarted in place: its next generation is made from the store,
/// after a while that grows. A session that throws ends its link, and nothing else.
/// </summary>
internal sealed class NodeActor : ReceiveActor, IWithTimers
{
    private readonly AkkaSupervisor _supervisor;
    private readonly RuntimeGround _ground;
    private readonly Dictionary<IActorRef, Life> _children = [];
    private long _named;

    public NodeActor(AkkaSupervisor supervisor, RuntimeGround ground)
    {
        (_supervisor, _ground) = (supervisor, ground);
        Receive<Fill>(fill => Make(fill.Place, null, new()));
        Receive<Made>(Begin);
        Receive<NotMade>(failed => End(failed.Place, null, failed.Fault, failed.Next));
        Receive<Again>(again => Make(again.Place, again.Fault, again.Next));
        Receive<Open>(open => Host(open.Place, open.Machine, null));
        Receive<Terminated>(terminated => Bury(terminated.ActorRef));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>From the store, which takes time: the machine comes as a message.</summary>
    private void Make(Place place, Exception? lastFault, Backoff next)
    {
        var generation = ++place.Generation;
        MakeAsync(place, generation, lastFault).PipeTo(
            Self,
            success: machine => new Made(place, machine, generation, next),
            failure: fault => new NotMade(place, fault, next));
    }

    private static async Task<IMachine> MakeAsync(
        Place place, long generation, Exception? lastFault) =>
        await place.Create(generation, lastFault).ConfigureAwait(false);

    private void Begin(Made made)
    {
        var machine = new MachineRef(
            made.Place.Id, made.Machine, made.Generation, _ground.Options.Sizes.MailboxMax,
            _ground.Clock);
        Host(made.Place, machine, made.Next);
        _supervisor.Begun(made.Place, machine);
    }

    private void Host(Place place, MachineRef machine, Backoff? next)
    {
        var child = Context.ActorOf(
            MachineActor.Of(machine, _ground.Hooks), $"{NameOf(place.Id)}-{++_named}");
        Context.Watch(child);
        _children.Add(child, new(place, machine, next, _ground.Clock.Now.Elapsed));
    }

    private void Bury(IActorRef child)
    {
        if (!_children.Remove(child, out var life) || life.Machine.Fault is not { } fault)
        {
            return;
        }

        if (life.Next is null)
        {
            _ground.Logger.SessionFailed(life.Place.Id.ToString(), fault);
            _ground.Hooks.Settle(life.Place.Id, life.Machine, fault);
        }
        else
        {
            End(life.Place, life, fault, life.Next);
        }
    }

    private void End(Place place, Life? life, Exception fault, Backoff next)
    {
        if (_supervisor.Stopping.IsCancellationRequested)
        {
            return;
        }

        _supervisor.Ended(place, life?.Machine, fault);
        var lived = life is null ? TimeSpan.Zero : _ground.Clock.Now.Elapsed - life.Born;
        var wait = next.After(lived);
        _ground.Logger.ActorFailed(place.Id.ToString(), wait.TotalMilliseconds, fault);
        Timers.StartSingleTimer(place, new Again(place, fault, next), wait);
    }

    /// <summary>What an Akka path may hold, and a person recognizes.</summary>
    private static string NameOf(MachineId id) => id switch
    {
        MachineId.Topic(var topic) => $"topic-{topic.Hash.ToString()[..16]}",
        MachineId.Session(var link) => $"session-{link.Number}",
        _ => id.GetType().Name,
    };

    /// <summary>A new place, to be filled as long as the node lives.</summary>
    public sealed record Fill(Place Place);

    /// <summary>A link's session.</summary>
    public sealed record Open(Place Place, MachineRef Machine);

    private sealed record Made(Place Place, IMachine Machine, long Generation, Backoff Next);

    private sealed record NotMade(Place Place, Exception Fault, Backoff Next);

    private sealed record Again(Place Place, Exception Fault, Backoff Next);

    /// <summary>A session has no next generation.</summary>
    private sealed record Life(Place Place, MachineRef Machine, Backoff? Next, TimeSpan Born);
}
