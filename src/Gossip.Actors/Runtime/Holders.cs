using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// Which peers hold what this node wrote? As far as connected peers claim it; a publisher that
/// waits counts each peer once, and keeps it when its connection ends.
/// </summary>
internal sealed class Holders
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TopicId, LogId), Log> _logs = [];
    private bool _isStopped;

    /// <summary>The newest claim on a link replaces the last; 0 forgets the link.</summary>
    public void Claim(TopicId topic, LogId log, Link link, Did holder, long head)
    {
        lock (_gate)
        {
            var held = LogOf(topic, log);
            if (head == 0)
            {
                held.Claims.Remove(link);
                return;
            }

            held.Claims[link] = (holder, head);
            held.Waiting.RemoveAll(wait => wait.Offer(holder, head));
        }
    }

    /// <summary>
    /// Who holds this slot, once so many peers do; or at the deadline, as many as there are.
    /// </summary>
    public async Task<ImmutableArray<Did>> WaitAsync(
        TopicId topic, Dot dot, int count, TimeSpan timeout, TimeProvider time,
        CancellationToken stop)
    {
        var wait = new Wait(dot.Seq, count);
        lock (_gate)
        {
            var log = LogOf(topic, dot.Log);
            if (!log.Claims.Values.Any(c => wait.Offer(c.Holder, c.Head)))
            {
                log.Waiting.Add(wait);
            }

            if (_isStopped)
            {
                wait.GiveUp();
            }
        }

        try
        {
            await wait.Done.WaitAsync(timeout, time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whoever asked is told how many there are.
        }
        finally
        {
            lock (_gate)
            {
                LogOf(topic, dot.Log).Waiting.Remove(wait);
            }
        }

        lock (_gate)
        {
            return wait.Holders;
        }
    }

    private Log LogOf(TopicId topic, LogId log)
    {
        if (!_logs.TryGetValue((topic, log), out var held))
        {
            _logs.Add((topic, log), held = new());
        }

        return held;
    }

    /// <summary>
    /// The node stops: whoever waits, or comes later, is told how many there are.
    /// </summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            foreach (var wait in _logs.Values.SelectMany(log => log.Waiting))
            {
                wait.GiveUp();
            }
        }
    }

    private sealed class Log
    {
        public SortedDictionary<Link, (Did Holder, long Head)> Claims { get; } = [];

        public List<Wait> Waiting { get; } = [];
    }

    private sealed class Wait(long seq, int count)
    {
        private readonly TaskCompletionSource _done =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly SortedSet<Did> _holders = [];

        public Task Done => _done.Task;

        public ImmutableArray<Did> Holders => [.. _holders];

        public void GiveUp() => _done.TrySetResult();

        /// <summary>True when that was the last one it waited for.</summary>
        public bool Offer(Did holder, long head)
        {
            if (head >= seq && _holders.Add(holder) && _holders.Count == count)
            {
                _done.TrySetResult();
            }

            return _holders.Count >= count;
        }
    }
}
