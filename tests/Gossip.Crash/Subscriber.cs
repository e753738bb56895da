using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>
/// Follows one node through all its lives, as a program does that keeps its cursor: what was it
/// delivered, in which order, and anything twice?
/// </summary>
internal sealed class Subscriber(int node, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<int> _order = [];
    private readonly HashSet<int> _seen = [];
    private Cursor _last = Cursor.Start;
    private Task _following = Task.CompletedTask;
    private string? _finding;

    /// <summary>The first thing that was wrong; null when nothing was.</summary>
    public string? Finding => _finding;

    /// <summary>Delivered, over all stores that the node had.</summary>
    public long Delivered { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Positions that were jumped over, or gone back to.</summary>
    public long Jumps { get; private set; }

    private Cursor Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Goes on where it stopped, with a new life of its node.</summary>
    public void Follow(Life life) => _following = Streaming.FollowAsync(
        _following, life, () => Streaming.ReadAsync(life, Last, TakeAsync), time);

    /// <summary>The store is gone, and with it the positions: what comes is a new order.</summary>
    public async Task ForgetAsync()
    {
        await _following;
        lock (_gate)
        {
            _order.Clear();
            _seen.Clear();
            _last = Cursor.Start;
        }
    }

    /// <summary>What it was delivered from this store, by number, in order.</summary>
    public int[] Order()
    {
        lock (_gate)
        {
            return [.. _order];
        }
    }

    private Task TakeAsync(StreamShape payload)
    {
        Take(payload);
        return Task.CompletedTask;
    }

    internal void Take(StreamShape payload)
    {
        lock (_gate)
        {
            var next = new Cursor(payload.Position, payload.Index);
            var isNext = payload.Index == 0
                ? payload.Position == _last.Position + 1
                : payload.Position == _last.Position && payload.Index == _last.Index + 1;
            if (!isNext)
            {
                Jumps++;
                _finding ??= $"the subscriber of node {node + 1} got {next} after {_last}";
            }

            Delivered++;
            var number = Promise.NumberOf(payload.Data) ?? 0;
            if (!_seen.Add(number))
            {
                Duplicates++;
                _finding ??= $"the subscriber of node {node + 1} got #{number} again at {next}";
            }

            _order.Add(number);
            _last = next;
        }
    }
}
