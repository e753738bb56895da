using Akka.Actor;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Who is the parent of the journal's actors? None of them is restarted when it fails: it stops,
/// its line tells everybody who waits, and who asks again gets a new one.
/// </summary>
internal sealed class Nursery : ReceiveActor
{
    public Nursery() => Receive<Props>(props => Context.ActorOf(props));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop);
}
