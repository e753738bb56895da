using System.CommandLine;
using System.Text.Json;
using Gossip.Host.Configuration;
using Gossip.Host.Node;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip check</c> and <c>gossip config</c>: what would a node start with, and is it right?
/// </summary>
internal static class ConfigCommand
{
    private static readonly NodeRole[] Roles = [NodeRole.Seed, NodeRole.Member];

    /// <summary><c>gossip check FILE</c>: exit 0 when a node would take it.</summary>
    public static Command CreateCheck()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The configuration file." };
        var role = Role();
        return new Command("check",
            "Says whether a configuration file is right, with every mistake at once, and which "
            + $"settings a node would start with here.\n\n{ExitCode.Explanation}")
        {
            file, role,
        }.Does((result, terminal, _) => Task.FromResult(Report(
            Layers.Read(
                RoleOf(result, role), result.GetValue(file)!.ToString(), Layers.Environment, []),
            result.GetValue(file)!.ToString(), true, terminal)));
    }

    public static Command Create() => new("config", "Shows how a node is configured.")
    {
        CreateShow(),
        new Command("reference",
            "Prints every setting with its default, range and reason.")
            .Does((_, terminal, _) =>
            {
                terminal.Print(Layers.Reference.TrimEnd());
                return Task.FromResult(ExitCode.Done);
            }),
    };

    private static Command CreateShow()
    {
        var role = Role();
        var origin = new Option<bool>("--origin")
        {
            Description = "Say where each value came from.",
        };
        var flags = new NodeFlags(NodeRole.Seed);
        var command = new Command("show",
            "Prints the settings that a node would start with, as a file that sets them.\n\n"
            + ExitCode.Explanation)
        {
            role, origin,
        };
        flags.AddTo(command);
        return command.Does((result, terminal, _) => Task.FromResult(Report(
            flags.Read(RoleOf(result, role), result),
            null, result.GetValue(origin), terminal)));
    }

    private static int Report(
        Configured configured, string? file, bool hasOrigins, Terminal terminal)
    {
        if (terminal.IsJson)
        {
            var shape = ConfigShape.Of(configured, file);
            terminal.Print(JsonSerializer.Serialize(shape, HostJson.Shared.ConfigShape));
            return configured.Errors.Count == 0 ? ExitCode.Done : ExitCode.Usage;
        }

        foreach (var note in configured.Notes)
        {
            terminal.Note(note);
        }

        var settings = configured.Checked().Settings;
        string[][] rows =
        [
            .. Schema.Keys.Select(key => new[]
            {
                $"{key.Path} = {key.Show(settings)}",
                hasOrigins ? $"# {configured.Origins[key.Path].Origin}" : "",
            }),
        ];
        terminal.Columns(rows);
        return ExitCode.Done;
    }

    private static Option<string> Role()
    {
        var role = new Option<string>("--role")
        {
            HelpName = "seed|member",
            DefaultValueFactory = _ => NodeRole.Seed.Name,
            Description = "As which command would read it.",
        };
        role.AcceptOnlyFromAmong([.. Roles.Select(r => r.Name)]);
        return role;
    }

    private static NodeRole RoleOf(ParseResult result, Option<string> role) =>
        Roles.Single(r => r.Name == result.GetValue(role));
}
