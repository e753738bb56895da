using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gossip.Actors;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;

namespace Gossip.Benchmarks.Worker;

/// <summary>
/// Publishes each payload by a call of its own: as fast as it goes with some calls open at once,
/// one by one, or at a steady rate.
/// </summary>
internal sealed class Publisher(GossipNode node, JsonObject question)
{
    private readonly int _phase = question["phase"]!.GetValue<int>();
    private readonly int _publisher = question["publisher"]!.GetValue<int>();
    private readonly int _size = question["size"]!.GetValue<int>();
    private readonly int _rate = question["rate"]!.GetValue<int>();
    private readonly int _concurrency = question["concurrency"]!.GetValue<int>();
    private readonly int _count = question["count"]!.GetValue<int>();
    private readonly TimeSpan _duration =
        TimeSpan.FromSeconds(question["seconds"]!.GetValue<double>());

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Until the count is reached or the time is over, whichever comes first.</summary>
    public async Task<JsonObject> RunAsync(CancellationToken stop)
    {
        var start = _time.GetTimestamp();
        var open = new Queue<Task<ImmutableArray<Receipt>>>();
        var published = 0;
        while (published < _count && _time.GetElapsedTime(start) < _duration)
        {
            var due = _rate == 0
                ? published + 1
                : (int)(_time.GetElapsedTime(start).TotalSeconds * _rate) + 1;
            for (; published < Math.Min(due, _count); published++)
            {
                if (open.Count == _concurrency)
                {
                    await open.Dequeue();
                }

                open.Enqueue(Publish(published));
            }

            if (_rate > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), _time, stop);
            }
        }

        while (open.TryDequeue(out var call))
        {
            await call;
        }

        return new()
        {
            ["published"] = published,
            ["started"] = start,
            ["seconds"] = _time.GetElapsedTime(start).TotalSeconds,
        };
    }

    private Task<ImmutableArray<Receipt>> Publish(int number)
    {
        using var _ = Stages.Measure(Stage.Publish);
        var sample = new Sample(_phase, _publisher, number, _time.GetTimestamp());
        return node.PublishAsync(
            NodeWorker.Topic, [new Payload(sample.ToBytes(_size))], CancellationToken.None);
    }
}
