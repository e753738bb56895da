using System.Collections.Concurrent;

namespace Gossip.Adversary.Sieges;

/// <summary>How long did it take, each time?</summary>
internal sealed class Times
{
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private int _failed;

    public int Count => _milliseconds.Count;

    public int Failed => Volatile.Read(ref _failed);

    public double Max => _milliseconds.DefaultIfEmpty().Max();

    public void Add(TimeSpan time) => _milliseconds.Enqueue(time.TotalMilliseconds);

    /// <summary>It counts as so long.</summary>
    public void Fail(TimeSpan time)
    {
        Interlocked.Increment(ref _failed);
        Add(time);
    }

    /// <summary>The smallest that so many in a hundred do not exceed.</summary>
    public double Percentile(double percent)
    {
        var all = _milliseconds.Order().ToArray();
        return all.Length == 0
            ? 0
            : Math.Round(all[(int)Math.Ceiling(percent / 100 * all.Length) - 1], 3);
    }
}
