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
}
