namespace Gossip.Simulation;

/// <summary>
/// What does one node's wall clock show? Wrong by its own amount, and it may jump either way;
/// the monotonic time of its timers goes on undisturbed.
/// </summary>
public sealed class WallClock(Cluster cluster)
{
    private TimeSpan _skew;

    /// <summary>It showed a later time before.</summary>
    public bool HasGoneBack { get; private set; }

    public long UnixMilliseconds =>
        cluster.Epoch + (long)(cluster.Time.Now + _skew).TotalMilliseconds;

    /// <summary>Wrong by up to an hour, and differently after each start.</summary>
    public void Skew() =>
        _skew = TimeSpan.FromHours((2 * cluster.Draw.Random.NextDouble()) - 1);

    public void Jump(TimeSpan by)
    {
        _skew += by;
        HasGoneBack |= by < TimeSpan.Zero;
        cluster.Sometimes.Reach(by < TimeSpan.Zero ? Rarity.ClockWentBack : Rarity.ClockJumped);
    }
}
