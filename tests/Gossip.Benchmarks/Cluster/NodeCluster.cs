using System.Text.Json.Nodes;

namespace Gossip.Benchmarks.Cluster;

/// <summary>Some node processes that know each other, with their data in one folder.</summary>
internal sealed class NodeCluster : IDisposable
{
    private const string AnyPort = "127.0.0.1:0";

    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly List<NodeProcess> _nodes = [];
    private readonly string _directory;

    private NodeCluster(Settings settings) => _directory = Directory.CreateDirectory(Path.Combine(
        settings.Directory, $"gossip-benchmark-{Environment.ProcessId}")).FullName;

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IEnumerable<int> Processes => _nodes.Select(n => n.Id);

    public static async Task<NodeCluster> StartAsync(Settings settings)
    {
        var cluster = new NodeCluster(settings);
        try
        {
            for (var i = 0; i < settings.Nodes; i++)
            {
                await cluster.AddAsync();
            }

            await cluster.ConnectedAsync();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Stops or kills one, and leaves its data.</summary>
    public async Task EndAsync(int index, bool isKilled)
    {
        await (isKilled ? _nodes[index].KillAsync() : _nodes[index].StopAsync());
        _nodes[index].Dispose();
    }

    /// <summary>The same node again: its data, its address.</summary>
    public async Task<NodeProcess> RestartAsync(int index, int phase) =>
        _nodes[index] = await LaunchAsync(
            _nodes[index].Directory,
            _nodes[index].Address,
            _nodes.Where((_, i) => i != index),
            phase);

    /// <summary>Until every node is connected to every other.</summary>
    public Task ConnectedAsync() => UntilAsync(
        async () =>
        {
            var peers = await AskAllAsync("status");
            return peers.All(p => p["peers"]!.GetValue<int>() >= _nodes.Count - 1);
        },
        ConnectDeadline,
        "the nodes did not find each other");

    public Task<JsonObject[]> AskAllAsync(string what, Func<JsonObject>? with = null) =>
        Task.WhenAll(_nodes.Select(n => n.AskAsync(what, with?.Invoke())));

    /// <summary>Looks again and again, so that no figure depends on when it is asked for.</summary>
    public static async Task UntilAsync(
        Func<Task<bool>> isDone, TimeSpan deadline, string complaint)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isDone())
        {
            if (TimeProvider.System.GetElapsedTime(start) > deadline)
            {
                throw new BenchmarkException(complaint);
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }

    public void Dispose()
    {
        _nodes.ForEach(n => n.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AddAsync() => _nodes.Add(await LaunchAsync(
        Path.Combine(_directory, $"node{_nodes.Count}"), AnyPort, _nodes, 0));

    private static Task<NodeProcess> LaunchAsync(
        string directory, string listen, IEnumerable<NodeProcess> others, int phase) =>
        NodeProcess.StartAsync(directory, listen, others.Select(o => o.Address), phase);
}
