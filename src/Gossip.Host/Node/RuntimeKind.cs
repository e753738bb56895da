namespace Gossip.Host.Node;

/// <summary>What runs a node's actors, carries its frames and keeps its entries?</summary>
internal enum RuntimeKind
{
    /// <summary>The project's own: small actors, TCP with TLS, SQLite.</summary>
    Embedded,

    /// <summary>Akka.NET: its actors, remoting, cluster and persistence.</summary>
    Akka,
}
