using System.CommandLine;
using Gossip.Host.Client;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// Which node does a command speak to, and as whom? Each has a flag and a variable, but for the
/// token: on a command line everybody on the machine would see it.
/// </summary>
internal sealed class ClientOptions
{
    public const string ApiVariable = "GOSSIP_API";
    public const string TokenVariable = "GOSSIP_TOKEN";
    public const string TokenFileVariable = "GOSSIP_TOKEN_FILE";
    public const string AuthorityVariable = "GOSSIP_CA";

    private const string Default = "http://127.0.0.1:7780";

    private readonly Option<string?> _api = new("--api")
    {
        HelpName = "URL",
        Description = "The node's API, http://host:port or https://host:port. "
            + $"Default: {ApiVariable}, else {Default}.",
    };

    private readonly Option<DirectoryInfo?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Speak to the node that runs on this data directory.",
    };

    private readonly Option<string?> _token = new("--token-file")
    {
        HelpName = "FILE",
        Description = "Holds the token that the node asks for; only you may read it (0600). "
            + $"Default: {TokenFileVariable}; or {TokenVariable} is the token itself.",
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        HelpName = "FILE",
        Description = "The node's own certificate, or its issuer's, in PEM. "
            + $"Default: {AuthorityVariable}, else those of the system.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_api);
        command.Options.Add(_data);
        command.Options.Add(_token);
        command.Options.Add(_authority);
    }

    /// <summary>What a suggested command needs in order to ask the same node.</summary>
    public string Again(ParseResult result) =>
        (result.GetValue(_api) is { } api ? $" --api {api}"
            : result.GetValue(_data) is { } data ? $" --data {data}"
            : "")
        + (result.GetValue(_token) is { } token ? $" --token-file {token}" : "")
        + (result.GetValue(_authority) is { } authority ? $" --ca {authority}" : "");

    public NodeClient Connect(ParseResult result)
    {
        var file = result.GetValue(_token) ?? Variable(TokenFileVariable);
        return new(new NodeDoor(
            Address(result),
            file is null ? Variable(TokenVariable) : NodeDoor.ReadToken(file),
            result.GetValue(_authority) ?? Variable(AuthorityVariable)));
    }

    private string Address(ParseResult result)
    {
        if (result.GetValue(_api) is { } api)
        {
            // The node's own flag takes host:port; here both spellings are understood.
            return api.Contains("://", StringComparison.Ordinal) ? api : $"http://{api}";
        }

        if (result.GetValue(_data) is not { } data)
        {
            return Variable(ApiVariable) ?? Default;
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

    /// <summary>Null when it is empty, too.</summary>
    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
