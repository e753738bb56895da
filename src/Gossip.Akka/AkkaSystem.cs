using Akka.Actor;
using Akka.Configuration;
using Gossip.Actors;
using Gossip.Akka.Persistence;
using Gossip.Akka.Remoting;
using Microsoft.Extensions.Logging;
using Address = Gossip.Actors.Transport.Address;

namespace Gossip.Akka;

/// <summary>
/// With which settings does a node's actor system start? Over Akka's own lie this library's, over
/// them what follows from the node's options, over them what the user says under akka { … }.
/// </summary>
internal static class AkkaSystem
{
    /// <summary>Systems of one cluster have one name; another name is another cluster.</summary>
    public const string Name = "gossip";

    /// <summary>Of the members that carry topics.</summary>
    public const string Role = "gossip";

    private static readonly Config Shipped = ConfigurationFactory.FromResource(
        "Gossip.Akka.akka.conf", typeof(AkkaSystem).Assembly);

    public static ActorSystem Create(
        GossipOptions options, string? directory, string akka, ILogger logger)
    {
        // A certificate is read when the system starts: one in memory needs no longer to exist.
        var passing = directory is null
            ? Directory.CreateTempSubdirectory("gossip-akka-")
            : null;
        try
        {
            var system = ActorSystem.Create(Name, Parse(akka)
                .WithFallback(OfOptions(options))
                .WithFallback(directory is null ? Config.Empty : JournalConfig.Sqlite(directory))
                .WithFallback(NodeCertificate.SelfSigned(directory ?? passing!.FullName))
                .WithFallback(Shipped)
                .WithFallback(RemotingConfig.Default));
            AkkaLog.Attach(system, logger);
            StayUp.Guard(system);
            return system;
        }
        finally
        {
            passing?.Delete(recursive: true);
        }
    }

    private static Config Parse(string akka)
    {
        try
        {
            return akka.Length == 0 ? Config.Empty : ConfigurationFactory.ParseString(akka);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            throw new GossipException("options-invalid", $"akka {{ … }}: {e.Message}", e);
        }
    }

    /// <summary>Where it listens; who only dials has a port, too, that nobody is told of.</summary>
    private static Config OfOptions(GossipOptions options)
    {
        var listen = Address.Parse(options.Listen ?? "127.0.0.1:0");
        var (host, port) = options.Advertise is { } advertise ? Address.Parse(advertise) : listen;
        return ConfigurationFactory.ParseString(
            $$"""
            akka.remote.dot-netty.tcp {
              hostname = "{{listen.Host}}"
              port = {{listen.Port}}
              public-hostname = "{{host}}"
              public-port = {{port}}
            }
            """);
    }
}
