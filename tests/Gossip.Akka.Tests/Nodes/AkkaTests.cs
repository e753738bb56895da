using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>
/// What every runtime must do for a node, on Akka.NET: actors, remoting with TLS, journal, in an
/// actor system for each node.
/// </summary>
[Trait("Row", "G9")]
public sealed class AkkaConvergenceTests : ConvergenceSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

[Trait("Row", "G9")]
public sealed class AkkaAccessTests : AccessSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

[Trait("Row", "G9")]
public sealed class AkkaErasureTests : ErasureSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

public sealed class AkkaRetentionTests : RetentionSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

[Trait("Row", "G9")]
public sealed class AkkaKeyRotationTests : KeyRotationSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

[Trait("Row", "G9")]
public sealed class AkkaTopicActorTests : TopicActorSuite
{
    private protected override Cluster NewCluster() => OnAkka.NewCluster();
}

internal static class OnAkka
{
    public static Cluster NewCluster() => new()
    {
        Runtime = (_, options) => new AkkaRuntime(options, ""),
    };
}
