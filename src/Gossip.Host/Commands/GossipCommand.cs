using System.CommandLine;

namespace Gossip.Host.Commands;

/// <summary>What can be typed after <c>gossip</c>?</summary>
internal static class GossipCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            var terminal = Terminal.Of(args.Contains(CommandRun.Json.Name));
            return terminal.Fail(CommandException.Usage(
                $"{string.Join(" ", parsed.Errors.Select(error => error.Message))} "
                + $"See: gossip {Path(parsed.CommandResult.Command)}--help"));
        }

        // Signals are Interrupt's business: the library would cut a stop off after two seconds.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    public static RootCommand Create()
    {
        var client = new ClientOptions();
        var time = TimeProvider.System;
        return new(
            "A leaderless, signed, persistent topic log, replicated by gossip.\n\n"
            + ExitCode.Explanation)
        {
            CommandRun.Json,
            NodeCommand.Create(NodeRole.Seed, time),
            NodeCommand.Create(NodeRole.Member, time),
            PublishCommand.Create(client, time),
            TailCommand.Create(client, time),
            TopicsCommand.Create(client),
            EraseCommand.Create(client),
            EventsCommand.Create(client, time),
            ActorCommand.Create(),
            SubscriptionCommand.Create(),
            TrustCommand.Create(),
            PeersCommand.Create(client),
            StatusCommand.Create(client),
            LimitsCommand.Create(client),
            SyncCommand.Create(client),
            ConfigCommand.CreateCheck(),
            ConfigCommand.Create(),
            KeyCommand.Create(),
            TokenCommand.Create(),
            DemoCommand.Create(time),
        };
    }

    private static string Path(Command command) =>
        command is RootCommand ? "" : $"{Path((Command)command.Parents.First())}{command.Name} ";
}
