using Gossip.Actors.Transport;

namespace Gossip.Tests.Nodes;

/// <summary>What every runtime must do for a node, on our own.</summary>
public sealed class AccessTests : AccessSuite
{
    private protected override Cluster NewCluster() => new();
}

public sealed class ErasureTests : ErasureSuite
{
    private protected override Cluster NewCluster() => new();
}

public sealed class KeyRotationTests : KeyRotationSuite
{
    private protected override Cluster NewCluster() => new();
}

public sealed class TopicActorTests : TopicActorSuite
{
    private readonly MemoryNetwork _network = new();

    private protected override Cluster NewCluster() => new(_network);
}

public sealed class RetentionTests : RetentionSuite
{
    private readonly MemoryNetwork _network = new();

    private protected override Cluster NewCluster() => new(_network);
}
