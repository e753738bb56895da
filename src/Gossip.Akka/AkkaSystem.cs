using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Gossip.Actors;
using Gossip.Akka.Persistence;
using Gossip.Akka.Remoting;
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

    /// <exception cref="GossipException">address-unusable, options-invalid.</exception>
    public static ActorSystem Create(GossipOptions options, string? directory, string akka)
    {
        // A certificate is read when the system starts: one in memory needs no longer to exist.
        var passing = directory is null
            ? Directory.CreateTempSubdirectory("gossip-akka-")
            : null;
        try
        {
            return ActorSystem.Create(Name, Parse(akka)
                .WithFallback(directory is null ? Config.Empty : JournalConfig.Sqlite(directory))
                .WithFallback(Of(options, directory ?? passing!.FullName)));
        }
        catch (Exception e) when (e.GetBaseException() is SocketException cause)
        {
            throw new GossipException(
                "address-unusable",
                $"{options.Listen} cannot be listened on: {cause.Message}. Choose another address, "
                + "or stop what listens there.",
                e);
        }
        finally
        {
            passing?.Delete(recursive: true);
        }
    }

    /// <summary>All but the journal.</summary>
    public static Config Of(GossipOptions options, string directory) => OfOptions(options)
        .WithFallback(NodeCertificate.SelfSigned(directory))
        .WithFallback(Shipped)
        .WithFallback(RemotingConfig.Default);

    private static Config Parse(string akka)
    {
        try
        {
            return akka.Length == 0 ? Config.Empty : ConfigurationFactory.ParseString(akka);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            // What follows the first line is all of the text, passwords too.
            var what = e.Message.Split('\n')[0].TrimEnd(' ', '\r', ':');
            throw new GossipException("options-invalid", $"akka {{ … }}: {what}");
        }
    }

    /// <summary>Where it listens; who only dials has a port, too, that nobody is told of.</summary>
    private static Config OfOptions(GossipOptions options)
    {
        var listen = Address.Parse(options.Listen ?? "127.0.0.1:0");
        var (host, port) = options.Advertise is { } advertise ? Address.Parse(advertise) : listen;
        return ConfigurationFactory.ParseString(
            $$"""
            {{LineMailbox.OfLines}}.bytes-max = {{LineLimits.MailboxBytes(options.Sizes)}}
            akka.remote.dot-netty.tcp {
              hostname = "{{listen.Host}}"
              port = {{listen.Port}}
              public-hostname = "{{host}}"
              public-port = {{port}}
            }
            """);
    }
}
