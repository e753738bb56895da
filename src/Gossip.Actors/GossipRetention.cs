using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// What does this node keep, beside what a topic's policy says? Only floors follow from it: what
/// arrives is stored whatever the quota, and the oldest goes. Entries go by the thousand, so of
/// each log up to 2,047 stay; and what waits for delivery, what is disputed and policies do. System
/// topics are never touched.
/// </summary>
public sealed record GossipRetention
{
    /// <summary>
    /// How old an entry may get: by its author's clock or its arrival, whichever is earlier. Zero:
    /// as old as it likes, because a log that forgets by itself surprises.
    /// </summary>
    public TimeSpan Keep { get; init; }

    /// <summary>Bytes of entries of one topic; 0: no bound.</summary>
    public long TopicBytesMax { get; init; }

    /// <summary>
    /// Bytes of entries of all topics together, protected ones too; 0: no bound.
    /// </summary>
    public long BytesMax { get; init; }

    /// <summary>
    /// What is younger is not forgotten for its size: a peer that was away for a moment still
    /// gets it, at the price of room for what comes meanwhile.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Topics of which nothing is forgotten here, whatever their policy says: an archive's.
    /// </summary>
    public IReadOnlyList<TopicRef> Protected { get; init; } = [];

    /// <summary>
    /// How often it is looked at what may go: a look reads one row per thousand entries.
    /// </summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Refusals()
    {
        if (Keep < TimeSpan.Zero || Keep > KeepMax)
        {
            yield return $"keep: 0 to {KeepMax.TotalDays:0} days, not {Keep}";
        }

        if (TopicBytesMax is < 0 or > MaxOfBytes)
        {
            yield return $"topic-bytes-max: 0 to {MaxOfBytes}, not {TopicBytesMax}";
        }

        if (BytesMax is < 0 or > MaxOfBytes)
        {
            yield return $"bytes-max: 0 to {MaxOfBytes}, not {BytesMax}";
        }

        if (Grace < TimeSpan.Zero || Grace > TimeSpan.FromDays(365))
        {
            yield return $"grace: 0 to 365 days, not {Grace}";
        }

        if (SweepInterval < TimeSpan.FromMilliseconds(100)
            || SweepInterval > TimeSpan.FromHours(1))
        {
            yield return $"sweep-interval: 100 ms to 1 h, not {SweepInterval}";
        }
    }

    private const long MaxOfBytes = 1L << 50;

    private static readonly TimeSpan KeepMax = TimeSpan.FromDays(36_500);
}
