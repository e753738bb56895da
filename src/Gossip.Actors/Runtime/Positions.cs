using System.Collections.Concurrent;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How far can a topic be read? Followers keep their own cursor and read from the store, so a slow
/// one costs nothing and delays nobody.
/// </summary>
internal sealed class Positions
{
    private readonly ConcurrentDictionary<TopicId, Mark> _marks = new();
    private volatile bool _isStopped;

    public void Advance(TopicId topic, long position) =>
        _marks.GetOrAdd(topic, _ => new()).Advance(position);

    /// <summary>
    /// Completes at the next change: take it first, then look, and nothing is missed.
    /// </summary>
    public Task NextMove(TopicId topic) => _marks.GetOrAdd(topic, _ => new()).Moved;

    /// <summary>Something that was readable is not any more: whoever waits looks again.</summary>
    public void Disturb(TopicId topic) => _marks.GetOrAdd(topic, _ => new()).Wake();

    /// <summary>The last position of a topic that can be read.</summary>
    public long Of(TopicId topic) => _marks.GetValueOrDefault(topic)?.Position ?? 0;

    /// <summary>The node stops: whoever waits is told.</summary>
    public void Stop()
    {
        _isStopped = true;
        foreach (var mark in _marks.Values)
        {
            mark.Wake();
        }
    }

    /// <summary>Completes once something after this position can be read.</summary>
    /// <exception cref="GossipException">stopped.</exception>
    public async Task WaitBeyondAsync(TopicId topic, long position, CancellationToken stop)
    {
        var mark = _marks.GetOrAdd(topic, _ => new());
        while (true)
        {
            var moved = mark.Moved;
            if (mark.Position > position)
            {
                return;
            }

            if (_isStopped)
            {
                throw Reasons.Stopped;
            }

            await moved.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private sealed class Mark
    {
        private readonly Pulse _moved = new();
        private long _position;

        public Task Moved => _moved.Next;

        public long Position => Interlocked.Read(ref _position);

        public void Advance(long position)
        {
            // One writer, the topic's actor; after a restart it may say again what was known.
            if (position > Position)
            {
                Interlocked.Exchange(ref _position, position);
                _moved.Beat();
            }
        }

        public void Wake() => _moved.Beat();
    }
}
