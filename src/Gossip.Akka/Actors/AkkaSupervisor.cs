using Akka.Actor;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Akka.Actors;

/// <summary>
/// The supervisor as the node's other parts know it; the one that supervises is its
/// <see cref="NodeActor"/>.
/// </summary>
internal sealed class AkkaSupervisor : Supervisor
{
    private readonly RuntimeGround _ground;
    private readonly IActorRef _node;

    public AkkaSupervisor(IActorRefFactory actors, string name, RuntimeGround ground)
        : base(ground.Board, ground.Hooks)
    {
        _ground = ground;
        _node = actors.ActorOf(Props.Create(() => new NodeActor(this, ground)), name);
    }

    public override string Runtime => "akka";

    public override Actor SpawnSession(MachineId.Session id, IMachine machine)
    {
        var session = new MachineRef(
            id, machine, 1, _ground.Options.Sizes.MailboxMax, _ground.Clock);
        var place = new Place(id, (_, _) => Task.FromResult(machine)) { Actor = session };
        session.TryTell(new Signal.Started());
        Places[id] = place;
        _node.Tell(new NodeActor.Open(place, session));
        return session;
    }

    public override async Task EndSessionAsync(MachineId.Session id, Signal last)
    {
        if (Places.TryGetValue(id, out var place) && place.Actor is MachineRef session)
        {
            session.TryTell(last);
            session.Complete();
            await session.Ended.WaitAsync(Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Places.TryRemove(id, out _);
        }
    }

    public void Begun(Place place, MachineRef machine) => Begin(place, machine);

    public void Ended(Place place, MachineRef? machine, Exception fault) =>
        Bury(place, machine, fault);

    protected override void Fill(Place place) => _node.Tell(new NodeActor.Fill(place));

    /// <summary>Death watch of the whole tree: children end before their parent does.</summary>
    protected override async Task EmptyAsync() =>
        await _node.GracefulStop(_ground.Options.Times.StopTimeout).ConfigureAwait(false);
}
