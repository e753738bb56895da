using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Tests.Nodes;

/// <summary>
/// Whole nodes in this process: real actors, stores and, unless told otherwise, sockets.
/// </summary>
internal sealed class Cluster(MemoryNetwork? memory = null, bool onDisk = true) : IAsyncDisposable
{
    public static readonly TopicName Topic = new("news");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gossip-");
    private readonly List<GossipNode> _nodes = [];
    private readonly Dictionary<string, EcKeys> _keys = [];
    private int _started;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What runs the node of this name: our own runtime, unless told otherwise.</summary>
    public Func<string, GossipOptions, INodeRuntime>? Runtime { get; init; }

    public string DirectoryOf(string name) => Path.Combine(_directory.FullName, name);

    public async Task<GossipNode> StartAsync(
        string name, Func<GossipOptions, GossipOptions>? with, params GossipNode[] bootstrap)
    {
        var options = new GossipOptions
        {
            Network = "test",
            DataDirectory = onDisk ? DirectoryOf(name) : null,
            Listen = memory is null ? "127.0.0.1:0" : $"{name}:{++_started}",
            Bootstrap = [.. bootstrap.Select(n => n.Address!)],
            Topics = [Topic],
            Times = new() { RoundInterval = TimeSpan.FromMilliseconds(200) },
        };
        options = with is null ? options : with(options);
        var parts = new GossipParts();
        if (memory is not null)
        {
            var keys = _keys[name] = _keys.GetValueOrDefault(name) ?? EcKeys.Generate();
            parts = new()
            {
                Keys = keys,
                Transport = new MemoryTransport(
                    memory, name, keys.Self, options.Times, options.Sizes, TimeProvider.System),
            };
        }

        parts = Runtime is null ? parts : parts with { Runtime = Runtime(name, options) };
        var node = await GossipNode.StartAsync(
            options, parts, Logs, TimeProvider.System, CancellationToken.None);
        _nodes.Add(node);
        return node;
    }

    public async Task StopAsync(GossipNode node)
    {
        _nodes.Remove(node);
        await node.DisposeAsync();
    }

    public static Task<ImmutableArray<Receipt>> PublishAsync(GossipNode node, string text) =>
        node.PublishAsync(
            Topic, [new Payload(Encoding.UTF8.GetBytes(text))], CancellationToken.None);

    /// <summary>Every payload that the node delivered, in its order.</summary>
    public static async Task<List<string>> ReadAllAsync(GossipNode node)
    {
        var texts = new List<string>();
        long after = 0;
        while (await node.ReadAsync(Topic, after, 1000, CancellationToken.None) is
            { IsEmpty: false } page)
        {
            texts.AddRange(page
                .SelectMany(d => d.Payloads)
                .Select(p => Encoding.UTF8.GetString(p.Data.Span)));
            after = page[^1].Position;
        }

        return texts;
    }

    public static async Task<TopicStatus> StatusAsync(GossipNode node) =>
        (await node.TopicsAsync(CancellationToken.None)).Single(t => t.Name == Topic);

    /// <summary>Waits until these nodes hold so many payloads, under one root.</summary>
    public static async Task ConvergeAsync(int payloads, params GossipNode[] nodes)
    {
        var statuses = new List<TopicStatus>();
        await UntilAsync(
            async () =>
            {
                statuses.Clear();
                foreach (var node in nodes)
                {
                    statuses.Add(await StatusAsync(node));
                }

                return statuses.All(s => s.Statistics.Payloads == payloads)
                    && statuses.DistinctBy(s => s.Root).Count() == 1;
            },
            () => string.Join("; ", statuses.Select(s => $"{s.Statistics.Payloads} {s.Root}")));
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> describe)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Deadline)
            {
                throw new TimeoutException($"not within {Deadline}: {describe()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.ToArray())
        {
            await StopAsync(node);
        }

        _directory.Delete(recursive: true);
    }
}
