using Gossip.Host.Api;

namespace Gossip.Crash;

/// <summary>
/// Did a subscriber get exactly what its node delivered, in that order, through all the kills?
/// </summary>
internal sealed class Following(CrashSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private List<int> _order = [];

    /// <summary>Subscribers whose order is not their node's.</summary>
    public int Wrong { get; private set; }

    public void NextNode() => _order = [];

    public void Read(IEnumerable<EntryShape> entries) => _order.AddRange(entries
        .SelectMany(entry => entry.Payloads)
        .Select(payload => Promise.NumberOf(payload.Data) ?? 0));

    /// <summary>It may still be reading; nobody publishes any more.</summary>
    public async Task CompareAsync(Subscriber subscriber, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        int[] got;
        while ((got = subscriber.Order()).Length < _order.Count
            && time.GetElapsedTime(started) < settings.Deadline)
        {
            await Task.Delay(Pause, time, stop);
        }

        Wrong += got.AsSpan().SequenceEqual(_order.ToArray()) ? 0 : 1;
    }
}
