using System.Text.Json.Nodes;
using Gossip.Benchmarks.Worker;

namespace Gossip.Benchmarks.Cluster;

/// <summary>
/// Some nodes publish, all must have all of it: what did that take? A phase ends when every node
/// has everything, or when nothing comes any more.
/// </summary>
internal sealed class Load(NodeCluster cluster, Settings settings)
{
    /// <summary>Nothing delivered anywhere for so long: what lacks is lost.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeProvider Time = TimeProvider.System;

    private int _phase;

    /// <summary>The phase that was last published.</summary>
    public int Phase => _phase;

    public async Task<Phase> RunAsync(Work work)
    {
        var nodes = cluster.Nodes.Where(n => n != work.Absent).ToArray();
        _phase++;
        await Task.WhenAll(nodes.Select(n => n.AskAsync("arm", new() { ["phase"] = _phase })));
        var usage = new Usage(nodes.Select(n => n.Id), Time);
        var publishing = await Task.WhenAll(nodes.Take(settings.Publishers)
            .Select((n, i) => n.AskAsync("publish", Question(i, work))));
        var published = publishing.Sum(p => p["published"]!.GetValue<long>());
        var received = await ReceiveAsync(nodes, published);
        var taken = usage.Stop();
        var started = publishing.Min(p => p["started"]!.GetValue<long>());
        var last = received.Max(r => r["last"]!.GetValue<long>());
        return new()
        {
            Published = published,
            Nodes = nodes.Length,
            Seconds = Time.GetElapsedTime(started, last).TotalSeconds,
            Received = received.Sum(r => r["received"]!.GetValue<long>()),
            Duplicates = received.Sum(r => r["duplicates"]!.GetValue<long>()),
            Taken = taken,
        };
    }

    /// <summary>Publish to delivery on every node but the publisher, in milliseconds.</summary>
    public async Task<double[]> LatenciesAsync()
    {
        var answers = await Task.WhenAll(cluster.Nodes.Skip(settings.Publishers)
            .Select(n => n.AskAsync("latencies")));
        return [.. answers.SelectMany(a => a["ms"]!.AsArray()).Select(l => l!.GetValue<double>())
            .Order()];
    }

    private JsonObject Question(int publisher, Work work) => new()
    {
        ["phase"] = _phase,
        ["publisher"] = publisher,
        ["size"] = Math.Max(settings.Size, Sample.BytesMin),
        ["rate"] = work.Rate,
        ["concurrency"] = work.Concurrency,
        ["count"] = work.Count,
        ["seconds"] = work.Seconds,
    };

    private static async Task<JsonObject[]> ReceiveAsync(NodeProcess[] nodes, long published)
    {
        var (quietSince, before) = (Time.GetTimestamp(), -1L);
        while (true)
        {
            var received = await Task.WhenAll(nodes.Select(n => n.AskAsync("poll")));
            if (received.Select(r => r["failed"]).FirstOrDefault(f => f is not null) is { } failure)
            {
                throw new BenchmarkException($"A subscriber failed: {failure}");
            }

            var sum = received.Sum(r => r["received"]!.GetValue<long>());
            if (sum != before)
            {
                (quietSince, before) = (Time.GetTimestamp(), sum);
            }

            if (sum == published * nodes.Length || Time.GetElapsedTime(quietSince) > QuietMax)
            {
                return received;
            }

            await Task.Delay(PollInterval, Time);
        }
    }
}

/// <summary>What is published: so long, or so many, at a rate or as fast as it goes.</summary>
internal sealed record Work(int Concurrency)
{
    public double Seconds { get; init; } = TimeSpan.FromHours(1).TotalSeconds;

    public int Count { get; init; } = int.MaxValue;

    /// <summary>Payloads a second; 0: as many as it takes.</summary>
    public int Rate { get; init; }

    /// <summary>A node that is not there: nobody waits for it.</summary>
    public NodeProcess? Absent { get; init; }
}

/// <summary>What one phase brought and took. A delivery is one payload at one node.</summary>
internal sealed record Phase
{
    public required long Published { get; init; }

    public required int Nodes { get; init; }

    /// <summary>From the first publish to the last delivery anywhere.</summary>
    public required double Seconds { get; init; }

    public required long Received { get; init; }

    public required long Duplicates { get; init; }

    public required Taken Taken { get; init; }

    public long Lost => Published * Nodes - Received;

    public double PerSecond => Published / Seconds;

    public double CpuPer1000 => Taken.CpuSeconds * 1000 / Math.Max(1, Received);

    /// <summary>Of what crossed the wire: a publisher's own copy did not.</summary>
    public double WirePerDelivery =>
        (double)Taken.WireBytes / Math.Max(1, Received - Published);
}
