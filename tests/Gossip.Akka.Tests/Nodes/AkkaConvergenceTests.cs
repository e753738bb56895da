using Akka.Actor;
using Gossip.Akka.Tests.Actors;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>The machines as Akka actors, over the project's own TCP and SQLite.</summary>
[Trait("Row", "G9")]
public sealed class AkkaActorsConvergenceTests : ConvergenceSuite, IAsyncLifetime
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

/// <summary>All of it Akka's: actors, remoting and journal, in a system for each node.</summary>
[Trait("Row", "G9")]
public sealed class AkkaConvergenceTests : ConvergenceSuite
{
    private protected override Cluster NewCluster() => new()
    {
        Runtime = (_, options) => new AkkaRuntime(options, ""),
    };
}
