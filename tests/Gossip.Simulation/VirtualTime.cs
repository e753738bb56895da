namespace Gossip.Simulation;

/// <summary>
/// What happens next? A queue of actions by time, and by the order they were asked in.
/// </summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _queue = new();
    private long _number;

    public TimeSpan Now { get; private set; }

    public void In(TimeSpan delay, Action action) =>
        _queue.Enqueue(action, (Now + delay, ++_number));

    /// <summary>Does everything up to this moment, or until the condition holds.</summary>
    public bool RunUntil(TimeSpan end, Func<bool> isDone)
    {
        while (!isDone())
        {
            if (!_queue.TryPeek(out _, out var next) || next.At > end)
            {
                Now = end;
                return isDone();
            }

            Now = next.At;
            _queue.Dequeue()();
        }

        return true;
    }
}
