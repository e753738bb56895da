using Akka.Actor;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>The machines as Akka actors, over the project's own TCP and SQLite.</summary>
[Trait("Row", "G9")]
public sealed class AkkaConvergenceTests : ConvergenceSuite, IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("gossip");
    private int _nodes;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    private protected override Cluster NewCluster() => new()
    {
        Runtime = name => new AkkaRuntime(
            _system, $"{name}-{Interlocked.Increment(ref _nodes)}"),
    };
}
