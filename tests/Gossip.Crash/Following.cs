using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>
/// Did a subscriber get exactly what its node delivered, in that order, through all the kills?
/// </summary>
internal sealed class Following(CrashSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private List<int> _order = [];
    private long _last;

    /// <summary>Subscribers whose order is not their node's.</summary>
    public int Wrong { get; private set; }

    public void NextNode() => _order = [];

    public void Read(EntryShape[] entries)
    {
        _order.AddRange(entries
            .SelectMany(entry => entry.Payloads)
            .Select(payload => Promise.NumberOf(payload.Data) ?? 0));
        _last = entries[^1].Position!.Value;
    }

    /// <summary>They may still be reading; nobody publishes any more.</summary>
    public async Task CompareAsync(CrashNode node, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        int[] got;
        while (((got = node.Subscriber.Order()).Length < _order.Count || node.Named.Last < _last)
            && time.GetElapsedTime(started) < settings.Deadline)
        {
            await Task.Delay(Pause, time, stop);
        }

        Wrong += got.AsSpan().SequenceEqual(_order.ToArray()) ? 0 : 1;
        Wrong += node.Named.Last == _last ? 0 : 1;
    }
}
