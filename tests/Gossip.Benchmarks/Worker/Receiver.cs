using System.Text.Json.Nodes;
using Gossip.Actors;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Benchmarks.Worker;

/// <summary>
/// A subscriber as any application has one: takes each delivered payload once, tells duplicates,
/// and notes how long it was under way. All nodes share one machine, hence one clock.
/// </summary>
internal sealed class Receiver(GossipNode node, long after)
{
    /// <summary>Enough for minutes at a steady rate; a flood needs no percentiles.</summary>
    private const int LatenciesMax = 1 << 18;

    private readonly Lock _gate = new();
    private readonly List<double> _latencies = [];
    private readonly Dictionary<int, List<bool>> _seen = [];
    private Task _following = Task.CompletedTask;
    private int _phase;
    private long _received;
    private long _duplicates;
    private long _last;

    public void Start(CancellationToken stop) => _following = FollowAsync(stop);

    /// <summary>From now on payloads of this phase count.</summary>
    public void Arm(int phase)
    {
        lock (_gate)
        {
            (_phase, _received, _duplicates, _last) = (phase, 0, 0, 0);
            _seen.Clear();
            _latencies.Clear();
        }
    }

    public JsonObject Report()
    {
        lock (_gate)
        {
            return new()
            {
                ["received"] = _received,
                ["duplicates"] = _duplicates,
                ["last"] = _last,
                ["failed"] = _following.Exception?.GetBaseException().Message,
            };
        }
    }

    public JsonObject Latencies()
    {
        lock (_gate)
        {
            return new() { ["ms"] = new JsonArray([.. _latencies.Select(l => (JsonNode)l)]) };
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await foreach (var delivered in node.SubscribeAsync(NodeWorker.Topic, after, stop))
            {
                Take(delivered.Entry);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The worker stops.
        }
    }

    private void Take(Entry entry)
    {
        using var _ = Stages.Measure(Stage.Deliver);
        var payloads = EntryFormat.DecodePayloads(entry.PayloadList);
        var now = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            foreach (var payload in payloads)
            {
                Take(Sample.Read(payload.Data.Span), now);
            }
        }
    }

    private void Take(Sample sample, long now)
    {
        if (sample.Phase != _phase)
        {
            return;
        }

        if (!_seen.TryGetValue(sample.Publisher, out var seen))
        {
            _seen.Add(sample.Publisher, seen = []);
        }

        while (seen.Count <= sample.Number)
        {
            seen.Add(false);
        }

        if (seen[sample.Number])
        {
            _duplicates++;
            return;
        }

        seen[sample.Number] = true;
        _received++;
        _last = now;
        if (_latencies.Count < LatenciesMax)
        {
            _latencies.Add(
                TimeProvider.System.GetElapsedTime(sample.MadeAt, now).TotalMilliseconds);
        }
    }
}
