using Akka.Actor;
using Gossip.Tests.Runtime;

namespace Gossip.Akka.Tests.Actors;

/// <summary>The contract of every runtime's supervisor, kept by Akka's actors.</summary>
[Trait("Row", "G9")]
public sealed class AkkaSupervisorTests : SupervisorContract
{
    private readonly ActorSystem _system;

    public AkkaSupervisorTests()
        : this(ActorSystem.Create("gossip"))
    {
    }

    private AkkaSupervisorTests(ActorSystem system)
        : base(new SharedSystem(system, "node")) => _system = system;

    protected override async ValueTask EndRuntimeAsync() => await _system.Terminate();
}
