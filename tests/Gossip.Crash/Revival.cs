using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>Is a node up, publishing again, and with everything that it promised before?</summary>
internal sealed class Revival(
    CrashSettings settings, Load load, Recovery recovery, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly List<double> _milliseconds = [];

    /// <summary>From the start of a process to its first receipt.</summary>
    public TimeSpan MedianTime
    {
        get
        {
            lock (_milliseconds)
            {
                return TimeSpan.FromMilliseconds(
                    _milliseconds.Order().ElementAt(_milliseconds.Count / 2));
            }
        }
    }

    public TimeSpan LongestTime
    {
        get
        {
            lock (_milliseconds)
            {
                return TimeSpan.FromMilliseconds(_milliseconds.Max());
            }
        }
    }

    public async Task StartAsync(CrashNode node, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        await node.StartAsync(isAlone: false, settings.Deadline);
        var life = node.Life;
        await Recovery.FindPositionAsync(node, stop);
        node.Subscriber.Follow(life);
        node.Named.Follow(life);
        life.Publishing = load.PublishAsync(node, life, stop);
        await recovery.RememberAsync(node, stop);
        await recovery.ShowAsync(node, stop);
        await ReceiptAsync(node, 1, stop);
        lock (_milliseconds)
        {
            _milliseconds.Add(time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    /// <exception cref="CommandException">It does not acknowledge so many.</exception>
    public async Task ReceiptAsync(CrashNode node, int count, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (node.Life.Receipts.Count < count)
        {
            if (time.GetElapsedTime(started) > settings.Deadline)
            {
                throw CommandException.Failed("not-back",
                    $"Node {node.Index + 1} runs, but acknowledged {node.Life.Receipts.Count} of "
                    + $"{count} in {settings.Deadline.TotalSeconds:F0} s.");
            }

            await Task.Delay(Pause, time, stop);
        }
    }
}
