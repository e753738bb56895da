using Akka.Actor;
using Akka.Configuration;
using Gossip.Akka.Remoting;

namespace Gossip.Akka.Tests.Remoting;

/// <summary>Which actor systems does a test run? Real ones, each on a port of its own.</summary>
internal sealed class RemoteSystems : IAsyncDisposable
{
    private const string Loopback = """
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        akka.loglevel = ERROR
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        akka.coordinated-shutdown.run-by-actor-system-terminate = off
        akka.actor.provider = remote
        """;

    private readonly List<ActorSystem> _all = [];

    public ActorSystem Start(string more = "")
    {
        var system = ActorSystem.Create("net", ConfigurationFactory.ParseString(more)
            .WithFallback(ConfigurationFactory.ParseString(Loopback))
            .WithFallback(NodeCertificate.SelfSigned(Folder))
            .WithFallback(RemotingConfig.Default));
        _all.Add(system);
        return system;
    }

    /// <summary>One certificate for all: what is proven is proven by DIDs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("gossip-akka-").FullName;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_all.Select(system => system.Terminate()));
        Directory.Delete(Folder, recursive: true);
    }
}
