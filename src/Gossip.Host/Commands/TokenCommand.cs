using System.CommandLine;
using System.Text.Json;
using Gossip.Actors.Runtime;
using Gossip.Host.Api;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary><c>gossip token</c>: who may use a node's API?</summary>
internal static class TokenCommand
{
    private const string Default = "./gossip-data/api.tokens";

    public static Command Create() => new("token",
        "Tokens for the API: the file holds names, scopes and hashes, never a token. A node that "
        + "has it (--tokens FILE, gossip.http.tokens) asks everybody for one, on loopback too; "
        + $"what changes in it counts within a second.\n\n{ExitCode.Explanation}")
    {
        New(), List(), Revoke(),
    };

    private static Command New()
    {
        var tokens = Tokens();
        var scope = new Option<string>("--scope")
        {
            HelpName = "SCOPE,…",
            Required = true,
            Description = $"What it may do: {Scopes.Names}. Each stands alone.",
        };
        var name = new Option<string?>("--name")
        {
            HelpName = "NAME",
            Description = "What it is called in the file and in refusals; never secret. "
                + "Default: the next free of token-1, token-2 …",
        };
        var output = new Option<string?>("--out")
        {
            HelpName = "FILE",
            Description = "Keep the token in a new file that only you may read (for "
                + "--token-file); it is not printed then.",
        };
        return new Command("create", "Makes a token and shows it, once.")
        {
            tokens, scope, name, output,
        }.Does((result, terminal, _) =>
        {
            var file = new TokenFile(result.GetValue(tokens)!);
            var text = AccessToken.Draw();
            var token = new AccessToken(
                Name(result.GetValue(name), file),
                Scopes.Parse(result.GetValue(scope)!) ?? throw CommandException.Usage(
                    $"--scope '{result.GetValue(scope)}': one or more of {Scopes.Names}."),
                AccessToken.HashOf(text));
            var path = result.GetValue(output);
            Keep(path, text, () => file.Add(token));
            Print(terminal, token, path is null ? text : null, file.Path, path);
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command List()
    {
        var tokens = Tokens();
        return new Command("list", "Lists names and scopes.") { tokens }
            .Does((result, terminal, _) =>
            {
                var all = new TokenFile(result.GetValue(tokens)!).Read();
                if (terminal.IsJson)
                {
                    terminal.Print(JsonSerializer.Serialize(
                        new TokensShape([.. all.Select(token => Shape(token, null))]),
                        HostJson.Shared.TokensShape));
                }
                else
                {
                    terminal.Table(["NAME", "SCOPES"], all.Select(token =>
                        new[] { token.Name, Scopes.Show(token.Scopes) }));
                }

                return Task.FromResult(ExitCode.Done);
            });
    }

    private static Command Revoke()
    {
        var tokens = Tokens();
        var name = new Argument<string>("NAME") { Description = "As gossip token list shows it." };
        return new Command("revoke", "Takes a token out of the file; nodes know within a second.")
        {
            name, tokens,
        }.Does((result, terminal, _) =>
        {
            var file = new TokenFile(result.GetValue(tokens)!);
            var revoked = result.GetValue(name)!;
            if (!file.Remove(revoked))
            {
                throw CommandException.Failed("token-unknown",
                    $"{file.Path} has no token '{revoked}'; see: gossip token list --tokens "
                    + file.Path);
            }

            terminal.Print(terminal.IsJson
                ? $"{{\"revoked\":\"{revoked}\"}}"
                : $"revoked '{revoked}'");
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static string Name(string? asked, TokenFile file)
    {
        if (asked is not null)
        {
            return AccessToken.IsName(asked)
                ? asked
                : throw CommandException.Usage($"--name '{asked}': 1 to "
                    + $"{AccessToken.NameCharactersMax} letters, digits, '.', '_' or '-'.");
        }

        var taken = File.Exists(file.Path) ? file.Read().Select(token => token.Name) : [];
        var names = taken.ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue - 1).Select(i => $"token-{i}")
            .First(name => !names.Contains(name));
    }

    /// <summary>A token that no node knows is not left behind.</summary>
    private static void Keep(string? path, string text, Action add)
    {
        try
        {
            if (path is not null)
            {
                PrivateFile.Write(path, text + "\n", replaces: false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed("token-file",
                $"--out {path}: {e.Message} Name a file that is not there yet.");
        }

        try
        {
            add();
        }
        catch when (path is not null)
        {
            File.Delete(path);
            throw;
        }
    }

    private static void Print(
        Terminal terminal, AccessToken token, string? text, string tokens, string? output)
    {
        if (terminal.IsJson)
        {
            terminal.Print(JsonSerializer.Serialize(
                Shape(token, text), HostJson.Shared.TokenShape));
            return;
        }

        if (text is not null)
        {
            terminal.Print(text);
        }

        terminal.Note($"'{token.Name}' may {Scopes.Show(token.Scopes)} at nodes that have "
            + $"--tokens {tokens}; "
            + (output is null
                ? "the token is shown this once, keep it in a file with the rights 0600"
                : $"use it with --token-file {output}"));
    }

    private static TokenShape Shape(AccessToken token, string? text) =>
        new(token.Name, Scopes.Show(token.Scopes).Split(','), text);

    private static Option<string> Tokens() => new("--tokens")
    {
        HelpName = "FILE",
        DefaultValueFactory = _ => Default,
        Description = "The file of tokens.",
    };
}
