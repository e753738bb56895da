using System.CommandLine;
using Gossip.Host.Client;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// Which node does a command speak to: --api, --data, GOSSIP_API, or the seed's default?
/// </summary>
internal sealed class ClientOptions
{
    private const string Default = "http://127.0.0.1:7780";

    private readonly Option<string?> _api = new("--api")
    {
        HelpName = "URL",
        Description =
            $"The node's API, http://host:port. Default: GOSSIP_API, else {Default}.",
    };

    private readonly Option<DirectoryInfo?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Speak to the node that runs on this data directory.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        command.Options.Add(_data);
    }

    /// <summary>What a suggested command needs in order to ask the same node.</summary>
    public string Again(ParseResult result) =>
        result.GetValue(_api) is { } api ? $" --api {api}"
        : result.GetValue(_data) is { } data ? $" --data {data}"
        : "";

    public NodeClient Connect(ParseResult result) => new(Address(result));

    private string Address(ParseResult result)
    {
        if (result.GetValue(_api) is { } api)
        {
            // The node's own flag takes host:port; here both spellings are understood.
            return api.Contains("://", StringComparison.Ordinal) ? api : $"http://{api}";
        }

        if (result.GetValue(_data) is not { } data)
        {
            return Environment.GetEnvironmentVariable("GOSSIP_API") is { Length: > 0 } address
                ? address
                : Default;
        }

        try
        {
            return File.ReadAllText(
                Path.Combine(data.FullName, NodeSettings.ApiAddressFile)).Trim();
        }
        catch (IOException)
        {
            throw new CommandException(ExitCode.Unreachable, "unreachable",
                $"No node runs on {data.FullName}; start it with: gossip member --data {data}");
        }
    }
}
