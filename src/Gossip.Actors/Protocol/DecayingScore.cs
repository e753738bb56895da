namespace Gossip.Actors.Protocol;

/// <summary>
/// How much is left of what was counted? Half of it after each half-life: nothing is held against
/// anybody for ever, and no timer has to run for it. Source: GossipSub v1.1 decays each of its
/// counters by a factor per interval; this is the same without the interval.
/// </summary>
internal sealed class DecayingScore(TimeSpan halfLife)
{
    private double _points;
    private TimeSpan _at;

    public double At(TimeSpan now) => _points * Math.Pow(0.5, (now - _at) / halfLife);

    /// <summary>More, up to this much: what is over must be over in foreseeable time.</summary>
    public void Add(double points, double max, TimeSpan now) =>
        (_points, _at) = (Math.Clamp(At(now) + points, 0, max), now);

    /// <summary>When this much is left, if nothing is added.</summary>
    public static TimeSpan Until(double left, double points, TimeSpan halfLife) =>
        halfLife * Math.Max(0, Math.Log2(points / left));
}
