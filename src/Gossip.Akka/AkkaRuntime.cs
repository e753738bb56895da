using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Akka.Actors;

namespace Gossip.Akka;

/// <summary>A node's machines as actors of this system.</summary>
internal sealed class AkkaRuntime(ActorSystem system, string name) : INodeRuntime
{
    public Supervisor Supervise(RuntimeGround ground) => new AkkaSupervisor(system, name, ground);

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        new TcpTransport(keys, options.Times, options.Sizes, time);
}
