using System.CommandLine;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Host.Configuration;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip seed</c> and <c>gossip member</c>: a node from defaults, file and flags.
/// </summary>
internal sealed class NodeCommand
{
    private readonly NodeRole _role;

    private readonly Option<string?> _data = Flag("--data", "DIR",
        "Holds the key and the store. Default: ");

    private readonly Option<string?> _listen = Flag("--listen", "HOST:PORT",
        "Where peers dial; port 0: any; none: only dial. Default: ");

    private readonly Option<string?> _advertise = Flag("--advertise", "HOST:PORT",
        "What peers should dial, when it differs from --listen (NAT, containers).");

    private readonly Option<string[]> _bootstrap = Flags("--bootstrap", "HOST:PORT",
        "A peer to connect to; repeat for more. Default: ");

    private readonly Option<string[]> _topic = Flags("--topic", "NAME",
        "A public topic to carry, beside those in the store; repeat for more.");

    private readonly Option<string?> _network = Flag("--network", "NAME",
        "Only nodes of one network speak to each other. Default: ");

    private readonly Option<string?> _api = Flag("--api", "HOST:PORT",
        "Where programs ask this node; loopback only; port 0: any. Default: ");

    private readonly Option<FileInfo?> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "Settings, as in node.conf; flags override them.",
    };

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "Keep nothing on disk: key and entries are gone at the end.",
    };

    // The demo's nodes must not outlive it, even when it is killed.
    private readonly Option<bool> _untilInputEnds = new("--until-input-ends") { Hidden = true };

    private NodeCommand(NodeRole role)
    {
        _role = role;
        _data.Description += role.Options.DataDirectory;
        _listen.Description += role.Options.Listen;
        _network.Description += role.Options.Network;
        _api.Description += role.Api;
        _bootstrap.Description += role.Options.Bootstrap is [var address] ? address : "nobody";
    }

    public static Command Create(NodeRole role, TimeProvider time)
    {
        var node = new NodeCommand(role);
        return new Command(role.Name, $"{role.Description}\n\n{ExitCode.Explanation}")
        {
            node._data, node._listen, node._advertise, node._bootstrap, node._topic,
            node._network, node._api, node._config, node._memory, node._untilInputEnds,
        }.Does(async (result, terminal, stop) =>
        {
            var settings = node.Settings(result);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (result.GetValue(node._untilInputEnds))
            {
                _ = CancelAtInputEndAsync(ended);
            }

            return await NodeProcess.RunAsync(settings, terminal, time, ended.Token);
        });
    }

    internal NodeSettings Settings(ParseResult result)
    {
        var file = new FileSettings(_role.Options, _role.Api);
        if (result.GetValue(_config) is { } config)
        {
            file = NodeFile.Read(config.FullName, file);
        }

        var options = file.Options;
        options = options with
        {
            DataDirectory = result.GetValue(_memory)
                ? null
                : result.GetValue(_data) ?? options.DataDirectory,
            Listen = result.GetValue(_listen) switch
            {
                null => options.Listen,
                "none" => null,
                var address => address,
            },
            Advertise = result.GetValue(_advertise) ?? options.Advertise,
            Network = result.GetValue(_network) ?? options.Network,
            Bootstrap = result.GetValue(_bootstrap) is { Length: > 0 } bootstrap
                ? bootstrap
                : options.Bootstrap,
            Topics = result.GetValue(_topic) is { Length: > 0 } topics
                ? [.. topics.Select(Topic)]
                : options.Topics,
        };
        var refusals = options.Refusals();
        return refusals.Count > 0
            ? throw CommandException.Usage(string.Join("\n", refusals))
            : new(options,
                Loopback.Parse(result.GetValue(_api) ?? file.Api, out var reason)
                    ?? throw CommandException.Usage(reason),
                result.GetValue(CommandRun.Json));
    }

    private static TopicName Topic(string text) => TopicName.Refusal(text) is { } reason
        ? throw CommandException.Usage(reason)
        : new(text);

    private static async Task CancelAtInputEndAsync(CancellationTokenSource ended)
    {
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
        await ended.CancelAsync();
    }

    private static Option<string?> Flag(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Flags(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
