namespace Gossip.Simulation;

/// <summary>
/// What happens next? A queue of actions by time, and by the order they were asked in.
/// </summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, Turn> _queue = new(Turn.Earlier);
    private long _number;

    public TimeSpan Now { get; private set; }

    public void In(TimeSpan delay, Action action) =>
        _queue.Enqueue(action, new((Now + delay).Ticks, ++_number));

    /// <summary>Does everything up to this moment, or until the condition holds.</summary>
    public bool RunUntil(TimeSpan end, Func<bool> isDone)
    {
        while (!isDone())
        {
            if (!_queue.TryPeek(out _, out var next) || next.Ticks > end.Ticks)
            {
                Now = end;
                return isDone();
            }

            Now = new(next.Ticks);
            _queue.Dequeue()();
        }

        return true;
    }

    private readonly record struct Turn(long Ticks, long Number)
    {
        public static readonly IComparer<Turn> Earlier = Comparer<Turn>.Create((one, other) =>
            one.Ticks != other.Ticks
                ? one.Ticks.CompareTo(other.Ticks)
                : one.Number.CompareTo(other.Number));
    }
}
