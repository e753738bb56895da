using Akka.Actor;
using Gossip.Akka.Tests.Actors;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>
/// Only the machines as Akka actors, over the project's own TCP and SQLite: what fails here alone
/// fails because of the actors.
/// </summary>
[Trait("Row", "G9")]
public sealed class AkkaActorsTests : ConvergenceSuite, IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("gossip");
    private int _nodes;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    private protected override Cluster NewCluster() => new()
    {
        Runtime = (name, _) => new SharedSystem(
            _system, $"{name}-{Interlocked.Increment(ref _nodes)}"),
    };
}
