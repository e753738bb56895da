using System.Collections.Concurrent;

namespace Gossip.Adversary.Sieges;

/// <summary>How long did it take, each time?</summary>
internal sealed class Times
{
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private int _failed;
    private string? _fault;

    public int Count => _milliseconds.Count;

    public int Failed => Volatile.Read(ref _failed);

    public double Max => _milliseconds.DefaultIfEmpty().Max();

    public void Add(TimeSpan time) => _milliseconds.Enqueue(time.TotalMilliseconds);

    /// <summary>What went wrong last; null when nothing did.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>An attempt that has to be made again: its time goes on.</summary>
    public void Fail(string why)
    {
        Interlocked.Increment(ref _failed);
        Volatile.Write(ref _fault, why);
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
