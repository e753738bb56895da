namespace Gossip.Adversary.Attacks;

/// <summary>
/// Has this process had its share of the CPU? Whoever is ahead waits, so that an attacker takes
/// half a core where no control group can be set up, too.
/// </summary>
internal sealed class Pace(double cores, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    /// <summary>Start-up is not part of the attack.</summary>
    private readonly TimeSpan _before = Environment.CpuUsage.TotalTime;
    private readonly long _started = time.GetTimestamp();

    public TimeSpan Used => Environment.CpuUsage.TotalTime - _before;

    public async ValueTask WaitAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Used > cores * time.GetElapsedTime(_started))
        {
            await Task.Delay(Step, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
