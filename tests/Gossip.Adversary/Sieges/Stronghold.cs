using Gossip.Host.Client;
using Gossip.Host.Demo;

namespace Gossip.Adversary.Sieges;

/// <summary>A node process, and its API. The first of them is attacked.</summary>
internal sealed class Stronghold(ChildNode process, string address, NodeClient client)
    : IDisposable
{
    public string Address => address;

    public NodeClient Client => client;

    /// <summary>Resident, as the kernel counts it.</summary>
    public long RssBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{process.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<Stronghold[]> StartAsync(SiegeSettings settings, TimeProvider time)
    {
        var nodes = new List<Stronghold>();
        for (var i = 0; i < SiegeSettings.Nodes; i++)
        {
            List<string> arguments =
            [
                "member",
                "--data", Path.Combine(settings.Directory, $"node-{i + 1}"),
                "--listen", "127.0.0.1:0",
                "--api", "127.0.0.1:0",
                "--topic", SiegeSettings.Topic,
                "--network", SiegeSettings.Network,
                .. nodes.SelectMany(n => new[] { "--bootstrap", n.Address }),
            ];
            var process = ChildNode.Start(arguments);
            var ready = await process.ReadyAsync(settings.Deadline, time);
            nodes.Add(new(process, ready.Listen!, new NodeClient(ready.Api)));
        }

        return [.. nodes];
    }

    public void Dispose()
    {
        process.Dispose();
        client.Dispose();
    }
}
