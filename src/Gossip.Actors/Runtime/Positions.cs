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
        private readonly Lock _gate = new();
        private long _position;
        private TaskCompletionSource _moved = New();

        public void Advance(long position)
        {
            TaskCompletionSource moved;
            lock (_gate)
            {
                if (position <= _position)
                {
                    return;
                }

                _position = position;
                (moved, _moved) = (_moved, New());
            }

            moved.TrySetResult();
        }

        public async Task WaitBeyondAsync(long position, CancellationToken stop)
        {
            while (true)
            {
                Task moved;
                lock (_gate)
                {
                    if (_position > position)
                    {
                        return;
                    }

                    moved = _moved.Task;
                }

                await moved.WaitAsync(stop).ConfigureAwait(false);
            }
        }

        private static TaskCompletionSource New() =>
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
