using System.Net;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Host.Api;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;

namespace Gossip.Host.Node;

/// <summary>What a node process starts with, after file and flags.</summary>
internal sealed record NodeSettings(GossipOptions Options, IPEndPoint Api)
{
    /// <summary>Names the API's address, so that commands with --data find this node.</summary>
    public const string ApiAddressFile = "api.address";

    public ApiSettings Http { get; init; } = new();

    public IReadOnlyList<ActorSource> Actors { get; init; } = [];

    /// <summary>Opens the key, where no file does.</summary>
    public Passphrase? KeyPassphrase { get; init; }

    public RuntimeKind Runtime { get; init; }

    /// <summary>Akka's own settings, as JSON; null: its defaults.</summary>
    public string? Akka { get; init; }

    public bool IsJson { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <exception cref="CommandException">usage: they cannot be together.</exception>
    public static NodeSettings Of(Settings settings) =>
        ActorSource.NameTwice(settings.Actors) is { } twice
            ? throw CommandException.Usage(twice)
            : new(
                settings.Options,
                ApiAddress.Parse(settings.Api, out var reason)
                    ?? throw CommandException.Usage(reason))
            {
                Http = settings.Http,
                Actors = settings.Actors,
                Runtime = settings.Runtime,
                Akka = settings.Akka,
                LogLevel = settings.LogLevel,
            };
}
