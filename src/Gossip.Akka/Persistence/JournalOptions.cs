namespace Gossip.Akka.Persistence;

/// <summary>What of a <see cref="JournalStore"/> can be chosen?</summary>
public sealed record JournalOptions
{
    public static readonly JournalOptions Default = new();

    /// <summary>
    /// After so many changes of readers, or of topics and exclusions, the journal begins with a
    /// summary of them and a snapshot. Five hundred small events are replayed in milliseconds,
    /// and a summary, which is as large as all readers' own snapshots, is written seldom.
    /// </summary>
    public int SummaryEvery { get; init; } = 500;

    /// <summary>
    /// Bytes of entries that are kept in memory, over all topics, so that they need not be read
    /// from the journal. Eight MiB are a few commits of the largest size or thousands of small
    /// ones: who follows a topic is seldom further behind, and who is reads the journal.
    /// </summary>
    public long RecentBytesMax { get; init; } = 8 * 1024 * 1024;
}
