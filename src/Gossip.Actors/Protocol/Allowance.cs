namespace Gossip.Actors.Protocol;

/// <summary>
/// How much may one identity still make us do? All its links share one, and so does its next link:
/// coming back buys nothing.
/// </summary>
public interface IAllowance
{
    /// <summary>As many of these as may be taken now; the rest is dropped.</summary>
    long Take(LimitKind limit, long amount, Moment now);
}

/// <summary>One bucket per rate. Pure: whoever shares it guards it.</summary>
public sealed class Allowance : IAllowance
{
    private readonly SortedDictionary<LimitKind, TokenBucket> _buckets = [];

    public Allowance(GossipRates rates, GossipSizes sizes)
    {
        // A peer that connects may name, and ask about, every topic at once.
        Add(LimitKind.PeerSubscriptions, rates.PeerSubscriptions, sizes.TopicsPerPeerMax);
        Add(LimitKind.PeerPulls, rates.PeerPulls, sizes.TopicsPerPeerMax);
        Add(LimitKind.PeerFrames, rates.PeerFrames, 0);
        Add(LimitKind.PeerBytes, rates.PeerBytes, 0);
        Add(LimitKind.PeerEntries, rates.PeerEntries, 0);
        Add(LimitKind.PeerVerifications, rates.PeerVerifications, 0);
        Add(LimitKind.PeerRows, rates.PeerRows, 0);

        void Add(LimitKind limit, int perSecond, int more) =>
            _buckets.Add(limit, BucketOf(perSecond, rates, more));
    }

    /// <summary>What all identities share: it has no bucket here, and always fits.</summary>
    public long Take(LimitKind limit, long amount, Moment now) =>
        _buckets.TryGetValue(limit, out var bucket) ? bucket.Take(amount, now.Elapsed) : amount;

    /// <summary>Takes all of it, and says how long to wait before more is read.</summary>
    public TimeSpan Owe(LimitKind limit, long amount, Moment now) =>
        _buckets[limit].Owe(amount, now.Elapsed);

    /// <summary>What was asked of each in the last second.</summary>
    public IEnumerable<(LimitKind Limit, long Asked)> Asked(Moment now) =>
        _buckets.Select(b => (b.Key, b.Value.AskedPerSecond(now.Elapsed)));

    /// <summary>Whoever comes back finds it as a new one would be.</summary>
    public bool IsRested(Moment now) => _buckets.Values.All(b => b.IsFull(now.Elapsed));

    internal static TokenBucket BucketOf(int perSecond, GossipRates rates, int more = 0) => new(
        perSecond,
        Math.Max(1, (long)(perSecond * rates.Burst.TotalSeconds)) + more);
}
