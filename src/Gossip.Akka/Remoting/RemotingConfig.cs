using Akka.Configuration;

namespace Gossip.Akka.Remoting;

/// <summary>
/// With which settings is an actor system fit to be reached by peers that nobody vouches for?
/// </summary>
public static class RemotingConfig
{
    /// <summary>
    /// Below what the application sets itself, and a certificate:
    /// <c>own.WithFallback(NodeCertificate.SelfSigned(directory)).WithFallback(Default)</c>.
    /// </summary>
    public static Config Default { get; } = ConfigurationFactory.FromResource(
        "Gossip.Akka.Remoting.remoting.conf", typeof(RemotingConfig).Assembly);
}
