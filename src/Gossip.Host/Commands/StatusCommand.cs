using System.CommandLine;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary><c>gossip status</c>: is the node well? Exit 1 when it is not ready.</summary>
internal static class StatusCommand
{
    public static Command Create(ClientOptions client)
    {
        var command = new Command("status",
            "Shows who the node is and whether it is ready; exit 1 when it is not.\n\n"
            + ExitCode.Explanation);
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var body = await node.GetAsync("/status", stop);
            var status = JsonSerializer.Deserialize(body, ApiJson.Shared.StatusShape)!;
            if (terminal.IsJson)
            {
                terminal.Print(body);
            }
            else
            {
                Print(status, terminal);
            }

            return status.NotReady.Length == 0 ? ExitCode.Done : ExitCode.Failed;
        });
    }

    /// <summary>Nothing is broken, and nobody meant it: what it is, and what to do.</summary>
    private static string Text(TwinShape twin)
    {
        var where = twin.Log is { } log
            ? $", and writes {log}"
            : $" at {twin.Address}, {(twin.Connected ? "connected" : "gone")}";
        return $"another process runs with this node's key{where}; first seen "
            + $"{Terminal.Time(twin.FirstSeen)}, last {Terminal.Time(twin.LastSeen)}. Stop one, or "
            + "give it a data directory of its own";
    }

    private static void Print(StatusShape status, Terminal terminal)
    {
        var ready = status.NotReady.Length == 0
            ? "yes"
            : $"no: {string.Join("; ", status.NotReady)}";
        terminal.Print($"did      {status.Did}");
        terminal.Print($"network  {status.Network}");
        terminal.Print($"listen   {status.Address ?? "nowhere: this node only dials"}");
        terminal.Print($"store    {status.Store}");
        terminal.Print($"runtime  {status.Runtime}");
        terminal.Print($"uptime   {TimeSpan.FromMilliseconds(status.UptimeMilliseconds):c}");
        terminal.Print($"peers    {status.PeersConnected} connected");
        foreach (var apart in status.Partitions)
        {
            terminal.Print($"apart    {apart.Did} since {Terminal.Time(apart.SilentSince)}"
                + (apart.IsBack
                    ? ", connected again and not equal yet; compare now with: gossip sync"
                    : ", silent: it is down, or the network between is; see: gossip peers"));
        }

        foreach (var twin in status.Twins)
        {
            terminal.Print($"twin     {Text(twin)}");
        }

        terminal.Print($"ready    {ready}");
        foreach (var (name, value) in status.Counters.Where(counter => counter.Value != 0))
        {
            terminal.Print($"count    {name} {value}");
        }

        foreach (var refusal in status.RecentRefusals)
        {
            terminal.Print($"refused  {refusal}");
        }
    }
}
