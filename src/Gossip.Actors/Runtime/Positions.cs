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

    public void Advance(TopicId topic, long position) =>
        _marks.GetOrAdd(topic, _ => new()).Advance(position);

    /// <summary>Completes once something after this position can be read.</summary>
    public Task WaitBeyondAsync(TopicId topic, long position, CancellationToken stop) =>
        _marks.GetOrAdd(topic, _ => new()).WaitBeyondAsync(position, stop);

    private sealed class Mark
    {
        private readonly Pulse _moved = new();
        private long _position;

        public void Advance(long position)
        {
            // One writer, the topic's actor; after a restart it may say again what was known.
            if (position > Interlocked.Read(ref _position))
            {
                Interlocked.Exchange(ref _position, position);
                _moved.Beat();
            }
        }

        public async Task WaitBeyondAsync(long position, CancellationToken stop)
        {
            while (true)
            {
                var moved = _moved.Next;
                if (Interlocked.Read(ref _position) > position)
                {
                    return;
                }

                await moved.WaitAsync(stop).ConfigureAwait(false);
            }
        }
    }
}
