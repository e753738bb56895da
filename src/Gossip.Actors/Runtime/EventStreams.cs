using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Who watches what happens here? Each watcher has a queue of its own; one that is too slow misses
/// events and is told how many, and nobody else notices.
/// </summary>
internal sealed class EventStreams(int waitingMax, Action exceed)
{
    private readonly ConcurrentDictionary<Watcher, bool> _watchers = new();
    private volatile bool _isStopped;

    /// <summary>Events that wait for the watcher that is furthest behind.</summary>
    public int Waiting => _watchers.Keys.Select(w => w.Events.Count).DefaultIfEmpty().Max();

    public void Publish(NodeEvent happened)
    {
        foreach (var (watcher, _) in _watchers)
        {
            watcher.Tell(happened);
        }
    }

    /// <summary>Entry by entry, and only when somebody watches.</summary>
    public void Publish(Effect.Entered entered)
    {
        if (_watchers.IsEmpty)
        {
            return;
        }

        var topic = entered.Topic;
        foreach (var e in entered.Created)
        {
            Publish(new NodeEvent.Created(topic, e.Dot, e.Id, e.PayloadCount));
        }

        foreach (var e in entered.Received)
        {
            Publish(new NodeEvent.Received(topic, e.Dot, e.Id, e.PayloadCount));
        }
    }

    /// <summary>From the first read on; ends when the node stops.</summary>
    public async IAsyncEnumerable<NodeEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken stop)
    {
        var watcher = new Watcher(waitingMax, exceed);
        _watchers[watcher] = true;
        if (_isStopped)
        {
            watcher.End();
        }

        try
        {
            do
            {
                while (watcher.TryTake(out var happened))
                {
                    yield return happened;
                }
            }
            while (await watcher.Events.WaitToReadAsync(stop).ConfigureAwait(false));
        }
        finally
        {
            _watchers.TryRemove(watcher, out _);
        }
    }

    public void Stop()
    {
        _isStopped = true;
        foreach (var (watcher, _) in _watchers)
        {
            watcher.End();
        }
    }

    private sealed class Watcher(int waitingMax, Action exceed)
    {
        private readonly Channel<NodeEvent> _events = Channel.CreateBounded<NodeEvent>(
            new BoundedChannelOptions(waitingMax) { SingleReader = true });

        private readonly Lock _gate = new();
        private long _missed;

        public ChannelReader<NodeEvent> Events => _events.Reader;

        /// <summary>Where events were left out, their number stands in their place.</summary>
        public void Tell(NodeEvent happened)
        {
            lock (_gate)
            {
                if (_missed > 0 && _events.Writer.TryWrite(new NodeEvent.Missed(_missed)))
                {
                    _missed = 0;
                }

                if (_missed > 0 || !_events.Writer.TryWrite(happened))
                {
                    _missed++;
                    exceed();
                }
            }
        }

        /// <summary>The next event; after the last, how many were left out since.</summary>
        public bool TryTake([NotNullWhen(true)] out NodeEvent? happened)
        {
            lock (_gate)
            {
                if (!_events.Reader.TryRead(out happened) && _missed > 0)
                {
                    (happened, _missed) = (new NodeEvent.Missed(_missed), 0);
                }

                return happened is not null;
            }
        }

        public void End() => _events.Writer.TryComplete();
    }
}
