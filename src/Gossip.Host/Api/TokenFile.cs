using System.Collections.Immutable;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;

namespace Gossip.Host.Api;

/// <summary>
/// Who may use the API? One token a line, for its owner's eyes only: hashes do not open anything,
/// but who may write here may let himself in.
/// </summary>
internal sealed class TokenFile(string path)
{
    /// <summary>A line has some 150 bytes.</summary>
    private const int BytesMax = 256 * 1024;

    private const string Head =
        "# Who may use the API: name scope[,scope] sha256-of-the-token. See: gossip token --help\n";

    public string Path => path;

    /// <exception cref="CommandException">tokens-unusable: with what to do.</exception>
    public ImmutableArray<AccessToken> Read()
    {
        var tokens = ImmutableArray.CreateBuilder<AccessToken>();
        foreach (var (index, line) in Lines().Index())
        {
            if (IsToken(line))
            {
                var token = AccessToken.Parse(line) ?? throw Unusable($"line {index + 1} is no "
                    + $"token: expected name scope[,scope] sha256-in-hex, scopes {Scopes.Names}.");
                tokens.Add(tokens.All(known => known.Name != token.Name)
                    ? token
                    : throw Unusable($"line {index + 1}: there is a '{token.Name}' already."));
            }
        }

        return tokens.DrainToImmutable();
    }

    /// <exception cref="CommandException">token-exists, tokens-unusable.</exception>
    public void Add(AccessToken token)
    {
        var isNew = !File.Exists(path);
        if (!isNew && Read().Any(known => known.Name == token.Name))
        {
            throw CommandException.Failed("token-exists",
                $"{path} has a token '{token.Name}' already; choose another --name, or revoke it "
                + $"first: gossip token revoke {token.Name} --tokens {path}");
        }

        Write(isNew ? Head + token : $"{string.Join('\n', Lines()).TrimEnd()}\n{token}");
    }

    /// <summary>False when it has no such token.</summary>
    /// <exception cref="CommandException">tokens-unusable.</exception>
    public bool Remove(string name)
    {
        var isThere = Read().Any(token => token.Name == name);
        if (isThere)
        {
            Write(string.Join('\n', Lines().Where(line =>
                !IsToken(line) || AccessToken.Parse(line)!.Name != name)).TrimEnd());
        }

        return isThere;
    }

    private static bool IsToken(string line) => line.Trim() is { Length: > 0 } text
        && text[0] != '#';

    private string[] Lines() => Try(() => PrivateFile.Read(path, BytesMax)).Split('\n');

    private void Write(string text) => Try(() =>
    {
        PrivateFile.Write(path, text + "\n", replaces: true);
        return "";
    });

    private string Try(Func<string> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e.Message);
        }
    }

    private CommandException Unusable(string why) => CommandException.Failed("tokens-unusable",
        $"Token file {path}: {why}"
        + (File.Exists(path) ? "" : $" Make it with: gossip token create --tokens {path}"));
}
