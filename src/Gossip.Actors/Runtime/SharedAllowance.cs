using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What may one identity still make us do, and what may all? Its links are read, and their sessions
/// run, side by side: one at a time takes from here.
/// </summary>
internal sealed class SharedAllowance(
    GossipRates rates, GossipSizes sizes, SharedBucket verifications, NodeClock clock) : IAllowance
{
    private readonly Lock _gate = new();
    private readonly Allowance _own = new(rates, sizes);

    /// <summary>Links that share it now; guarded by whoever counts them.</summary>
    public int Links { get; set; }

    public long Take(LimitKind limit, long amount, Moment now)
    {
        if (limit == LimitKind.Verifications)
        {
            return verifications.Take(amount, now);
        }

        lock (_gate)
        {
            return _own.Take(limit, amount, now);
        }
    }

    /// <summary>Counts a frame that was read, and says how long to wait for the next.</summary>
    public (LimitKind Limit, TimeSpan Wait) Read(int bytes)
    {
        var now = clock.Now;
        lock (_gate)
        {
            var forFrames = _own.Owe(LimitKind.PeerFrames, 1, now);
            var forBytes = _own.Owe(LimitKind.PeerBytes, bytes, now);
            return forBytes >= forFrames
                ? (LimitKind.PeerBytes, forBytes)
                : (LimitKind.PeerFrames, forFrames);
        }
    }

    public (LimitKind Limit, long Asked)[] Asked()
    {
        lock (_gate)
        {
            return [.. _own.Asked(clock.Now)];
        }
    }

    public bool IsRested()
    {
        lock (_gate)
        {
            return _own.IsRested(clock.Now);
        }
    }
}

/// <summary>A bucket that everybody takes from.</summary>
internal sealed class SharedBucket(int perSecond, GossipRates rates)
{
    private readonly Lock _gate = new();
    private readonly TokenBucket _bucket = Allowance.BucketOf(perSecond, rates);

    public long Take(long amount, Moment now)
    {
        lock (_gate)
        {
            return _bucket.Take(amount, now.Elapsed);
        }
    }

    public long Asked(Moment now)
    {
        lock (_gate)
        {
            return _bucket.AskedPerSecond(now.Elapsed);
        }
    }
}
