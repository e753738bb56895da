using System.CommandLine;
using Gossip.Host.Configuration;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>Which settings can be given on the command line? They lie over all else.</summary>
internal sealed class NodeFlags
{
    private readonly Option<string?> _data = One("--data", "DIR",
        "Holds the key and the store. Default: ");

    private readonly Option<string?> _listen = One("--listen", "HOST:PORT",
        "Where peers dial; port 0: any; none: only dial. Default: ");

    private readonly Option<string?> _advertise = One("--advertise", "HOST:PORT",
        "What peers should dial, when it differs from --listen (NAT, containers).");

    private readonly Option<string[]> _bootstrap = Many("--bootstrap", "HOST:PORT",
        "A peer to connect to; repeat for more. Default: ");

    private readonly Option<string[]> _topic = Many("--topic", "NAME",
        "A public topic to carry, beside those in the store; repeat for more.");

    private readonly Option<string?> _network = One("--network", "NAME",
        "Only nodes of one network speak to each other. Default: ");

    private readonly Option<string?> _api = One("--api", "HOST:PORT",
        "Where programs ask this node; port 0: any; beyond loopback with --tokens and TLS only. "
        + "Default: ");

    private readonly Option<string?> _tokens = One("--tokens", "FILE",
        "Who may ask, and what (gossip token create). Without it: whoever is on this machine.");

    private readonly Option<string[]> _actor = Many("--actor", ActorSource.Form,
        "A topic actor of yours to run on a topic; repeat for more. Its state comes back after a "
        + "restart; see: gossip actor list.");

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "Keep nothing on disk: key and entries are gone at the end.",
    };

    private readonly Option<FileInfo?> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "Settings in HOCON; the environment and flags lie over them. All settings: "
            + "gossip config reference.",
    };

    public NodeFlags(NodeRole role)
    {
        _data.Description += role.Options.DataDirectory;
        _listen.Description += role.Options.Listen;
        _network.Description += role.Options.Network;
        _api.Description += role.Api;
        _bootstrap.Description += role.Options.Bootstrap is [var address] ? address : "nobody";
    }

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _data, _listen, _advertise, _bootstrap, _topic, _network, _api, _tokens, _actor,
            _config, _memory,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>All layers, as a node of this role would start with them here and now.</summary>
    public Configured Read(NodeRole role, ParseResult result) => Layers.Read(
        role, result.GetValue(_config)?.ToString(), Layers.Environment, Given(result));

    private IEnumerable<Flag> Given(ParseResult result)
    {
        (string Path, Option Option, IReadOnlyList<string>? Values)[] flags =
        [
            ("gossip.data-directory", _memory, result.GetValue(_memory) ? ["none"] : null),
            ("gossip.data-directory", _data, Value(_data)),
            ("gossip.listen", _listen, Value(_listen)),
            ("gossip.advertise", _advertise, Value(_advertise)),
            ("gossip.bootstrap", _bootstrap, result.GetValue(_bootstrap)),
            ("gossip.topics", _topic, result.GetValue(_topic)),
            ("gossip.actors", _actor, result.GetValue(_actor)),
            ("gossip.network", _network, Value(_network)),
            ("gossip.api", _api, Value(_api)),
            ("gossip.http.tokens", _tokens, Value(_tokens)),
        ];
        return flags
            .Where(flag => flag.Values is { Count: > 0 })
            .DistinctBy(flag => flag.Path)
            .Select(flag => new Flag(flag.Path, flag.Option.Name, flag.Values!));

        string[]? Value(Option<string?> option) =>
            result.GetValue(option) is { } value ? [value] : null;
    }

    private static Option<string?> One(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
