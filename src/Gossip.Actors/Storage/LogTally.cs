using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// How much does one log hold before its closure? Kept as it grows, so nobody recounts.
/// </summary>
internal readonly record struct LogTally(
    long Entries, long Payloads, long Bytes, long Oldest, long Newest)
{
    public LogTally Add(Entry entry) => Add(entry.Header.Time, entry.PayloadCount, entry.Size);

    public LogTally Add(long time, int payloads, int bytes) => new(
        Entries + 1,
        Payloads + payloads,
        Bytes + bytes,
        Entries == 0 ? time : Math.Min(Oldest, time),
        Entries == 0 ? time : Math.Max(Newest, time));

    /// <summary>Payloads were erased, and so many bytes with them.</summary>
    public LogTally Less(int payloads, long bytes) =>
        this with { Payloads = Payloads - payloads, Bytes = Bytes - bytes };

    /// <summary>The oldest entries are forgotten; the next was written at this time.</summary>
    public LogTally Without(LogTally gone, long oldest) => new(
        Entries - gone.Entries,
        Payloads - gone.Payloads,
        Bytes - gone.Bytes,
        oldest,
        Newest);

    /// <summary>A topic's statistics: logs without an undisputed entry do not count.</summary>
    public static StoreStatistics Sum(IEnumerable<LogTally> tallies)
    {
        var held = tallies.Where(t => t.Entries > 0).ToList();
        return held.Count == 0
            ? new(0, 0, 0, 0, 0, 0)
            : new(
                held.Sum(t => t.Entries),
                held.Sum(t => t.Payloads),
                held.Sum(t => t.Bytes),
                held.Count,
                held.Min(t => t.Oldest),
                held.Max(t => t.Newest));
    }
}
