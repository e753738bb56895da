using System.Text.Json.Nodes;
using Gossip.Actors;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Benchmarks.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Benchmarks.Worker;

/// <summary>
/// The inside of a node process: a node as any application starts it, one that publishes and one
/// that counts what is delivered. Does what it is told, line by line.
/// </summary>
internal sealed class NodeWorker
{
    public const string Verb = "node";

    public const string Network = "benchmark";

    public static readonly TopicName Topic = new("benchmark");

    private readonly CancellationTokenSource _stop = new();
    private GossipNode? _node;
    private Receiver? _receiver;

    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        var worker = new NodeWorker();
        while (await input.ReadLineAsync() is { } line)
        {
            var question = JsonNode.Parse(line)!.AsObject();
            await output.WriteLineAsync((await worker.AnswerAsync(question)).ToJsonString());
            await output.FlushAsync();
            if (question["do"]!.GetValue<string>() == "stop")
            {
                return 0;
            }
        }

        // Whoever drove it is gone.
        return 1;
    }

    private async Task<JsonObject> AnswerAsync(JsonObject question)
    {
        try
        {
            return question["do"]!.GetValue<string>() switch
            {
                "start" => await StartAsync(question),
                "arm" => Do(() => _receiver!.Arm(question["phase"]!.GetValue<int>())),
                "publish" => await new Publisher(_node!, question).RunAsync(_stop.Token),
                "poll" => _receiver!.Report(),
                "latencies" => _receiver!.Latencies(),
                "status" => Status(),
                "topic" => await TopicAsync(),
                "profile" => Do(() => Stages.ThreadClock = ThreadTime.Nanoseconds),
                "stages" => StageTimes(),
                "stop" => await StopAsync(),
                var other => throw new BenchmarkException($"unknown: {other}"),
            };
        }
        catch (Exception e) when (e is GossipException or BenchmarkException)
        {
            return new() { ["error"] = e.Message };
        }
    }

    private static JsonObject Do(Action action)
    {
        action();
        return [];
    }

    private async Task<JsonObject> StartAsync(JsonObject question)
    {
        var options = new GossipOptions
        {
            Network = Network,
            DataDirectory = question["directory"]!.GetValue<string>(),
            Listen = question["listen"]!.GetValue<string>(),
            Bootstrap = [.. question["bootstrap"]!.AsArray().Select(b => b!.GetValue<string>())],
            Topics = [Topic],
        };
        _node = await Runtimes.StartAsync(
            options, NullLoggerFactory.Instance, TimeProvider.System);
        var topic = (await _node.TopicsAsync(_stop.Token)).Single();
        _receiver = new(_node, topic.Position);
        _receiver.Arm(question["phase"]!.GetValue<int>());
        _receiver.Start(_stop.Token);
        return new() { ["address"] = _node.Address, ["store"] = _node.StoreDescription };
    }

    private static JsonObject StageTimes() => new(Stages.All.Select(s =>
        KeyValuePair.Create(s.Key.ToString(), (JsonNode?)(s.Value / 1e9)))
        .Append(KeyValuePair.Create(
            "GcPauses", (JsonNode?)GC.GetTotalPauseDuration().TotalSeconds)));

    private JsonObject Status()
    {
        var status = _node!.Status();
        return new()
        {
            ["peers"] = status.PeersConnected,
            ["faults"] = new JsonArray([.. status.NotReady.Select(r => (JsonNode)r)]),
            ["counters"] = new JsonObject(status.Counters
                .Where(c => c.Value > 0)
                .Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        };
    }

    private async Task<JsonObject> TopicAsync()
    {
        var topic = (await _node!.TopicsAsync(_stop.Token)).Single();
        return new()
        {
            ["entries"] = topic.Statistics.Entries,
            ["payloads"] = topic.Statistics.Payloads,
            ["bytes"] = topic.Statistics.Bytes,
            ["root"] = topic.Root.ToString(),
        };
    }

    private async Task<JsonObject> StopAsync()
    {
        await _stop.CancelAsync();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        return [];
    }
}
