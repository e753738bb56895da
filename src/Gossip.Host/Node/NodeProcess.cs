using System.Text.Json;
using Gossip.Actors;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Node;

/// <summary>
/// A node in the foreground: start, say where it is, run until stopped, stop in order.
/// </summary>
internal static class NodeProcess
{
    public static async Task<int> RunAsync(
        NodeSettings settings, Terminal terminal, TimeProvider time, CancellationToken stop)
    {
        var classes = new ActorClasses();
        TopicActorRegistration[] actors = [.. settings.Actors.Select(source =>
            new TopicActorRegistration(source.Topic, source.Name, classes.Find(source)))];
        using var logs = NodeLogs.Create(settings.IsJson, settings.LogLevel);
        await using var node = await StartNodeAsync(settings, actors, logs, time, stop);
        await using var api = await StartApiAsync(node, settings, logs, time, stop);
        var addressFile = settings.Options.DataDirectory is { } directory
            ? Path.Combine(directory, NodeSettings.ApiAddressFile)
            : null;
        if (addressFile is not null)
        {
            await File.WriteAllTextAsync(addressFile, api.Address + "\n", stop);
        }

        Announce(settings, node, api.Address, terminal);
        await stop.AsTask();
        var ended = await StopAsync(node, api, settings.Options.Times.StopTimeout, time);
        if (addressFile is not null)
        {
            File.Delete(addressFile);
        }

        return ended
            ? ExitCode.Done
            : terminal.Fail(CommandException.Failed("stop-timeout",
                "Stopped before everything was finished; raise times.stop-timeout."));
    }

    private static async Task<GossipNode> StartNodeAsync(
        NodeSettings settings, TopicActorRegistration[] actors, ILoggerFactory logs,
        TimeProvider time, CancellationToken stop)
    {
        GossipNode? node = null;
        try
        {
            node = await Runtimes.StartAsync(
                settings, new() { KeyPassphrase = settings.KeyPassphrase }, logs, time, stop);
            foreach (var (topic, name, create) in actors)
            {
                await node.AttachAsync(topic, name, create, stop);
            }

            return node;
        }
        catch (Exception e)
        {
            await (node?.DisposeAsync() ?? default);
            if (e is GossipException refusal)
            {
                throw new CommandException(
                    ErrorCodes.ExitCodeAtStart(refusal.Code), refusal.Code, refusal.Message);
            }

            throw;
        }
    }

    private static async Task<ApiServer> StartApiAsync(
        GossipNode node, NodeSettings settings, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop)
    {
        try
        {
            return await ApiServer.StartAsync(node, settings, logs, time, stop);
        }
        catch (IOException e)
        {
            throw CommandException.Failed("api-address",
                $"{e.Message} Choose another with --api 127.0.0.1:PORT (0: any).");
        }
    }

    private static void Announce(
        NodeSettings settings, GossipNode node, string api, Terminal terminal)
    {
        var data = settings.Options.DataDirectory is { } directory
            ? Path.GetFullPath(directory)
            : null;
        string[] topics = [.. settings.Options.Topics.Select(topic => topic.Name.Value)];
        string[] actors = [.. settings.Actors.Select(actor => $"{actor.Topic}/{actor.Name}")];
        if (settings.IsJson)
        {
            terminal.Print(JsonSerializer.Serialize(
                new ReadyShape("ready", node.Did.ToString(), node.Address, api, data,
                    node.StoreDescription, settings.Options.Network, topics, actors),
                HostJson.Shared.ReadyShape));
            return;
        }

        terminal.Print($"did      {node.Did}");
        terminal.Print($"listen   {node.Address ?? "nowhere: this node only dials"}");
        terminal.Print($"network  {settings.Options.Network}");
        terminal.Print($"api      {api}");
        terminal.Print($"data     {data ?? "in memory: gone at the end"}");
        terminal.Print($"store    {node.StoreDescription}");
        terminal.Print($"topics   {(topics.Length == 0
            ? "those in the store; join with: gossip topics join NAME"
            : string.Join(", ", topics))}");
        foreach (var actor in settings.Actors)
        {
            terminal.Print($"actor    {actor.Topic}/{actor.Name}: {actor.Type}");
        }

        terminal.Print("ready    stop with Ctrl+C");
    }

    /// <summary>Requests end first, then commits and goodbyes; false when time ran out.</summary>
    private static async Task<bool> StopAsync(
        GossipNode node, ApiServer api, TimeSpan budget, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(budget, time);
        try
        {
            await api.BeginStopAsync();
            node.BeginStop();
            await api.StopAsync(deadline.Token);
            await node.DisposeAsync().AsTask().WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
