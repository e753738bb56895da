using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors.Runtime;

/// <summary>What runs a node's machines, and carries its frames? Our own, unless given.</summary>
internal interface INodeRuntime
{
    Supervisor Supervise(RuntimeGround ground);

    ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time);
}

/// <summary>What a supervisor stands on.</summary>
internal sealed record RuntimeGround(
    GossipOptions Options, NodeClock Clock, StatusBoard Board, SupervisorHooks Hooks,
    ILogger Logger);

/// <summary>Our own small runtime, over TCP.</summary>
internal sealed class EmbeddedRuntime : INodeRuntime
{
    public Supervisor Supervise(RuntimeGround ground) => new EmbeddedSupervisor(
        ground.Options, ground.Clock, ground.Board, ground.Hooks, ground.Logger);

    public ITransport Transport(EcKeys keys, GossipOptions options, TimeProvider time) =>
        new TcpTransport(keys, options.Times, options.Sizes, time);
}
