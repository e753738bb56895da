namespace Gossip.Actors.Protocol;

/// <summary>
/// How much of a log is stored in the slots that are forgotten together? Floors lie where an
/// entry's clock is whole, so segment n holds the slots from 1,024 n on, segment 0 those from 1.
/// Newest says when its youngest entry was written or arrived here, whichever was earlier, in Unix
/// milliseconds: a claimed time in the future keeps nothing.
/// </summary>
public readonly record struct Segment(
    LogId Log, long Number, long Entries, long Bytes, long Newest)
{
    /// <summary>
    /// All of it is delivered, and it is not the last. What waits, what is disputed and what
    /// policies say stays.
    /// </summary>
    public bool CanGo { get; init; }

    /// <summary>The floor of a log that keeps nothing before the next segment.</summary>
    public long FloorAbove => (Number + 1) * Header.FullClockEvery;

    /// <summary>The highest slot up to this one where a floor may lie; 0 in the first segment.
    /// </summary>
    public static long FloorAt(long seq) => NumberOf(seq) * Header.FullClockEvery;

    public static long NumberOf(long seq) => seq / Header.FullClockEvery;
}
