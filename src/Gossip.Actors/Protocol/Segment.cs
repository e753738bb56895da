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
    /// <summary>The floor of a log that keeps nothing before the next segment.</summary>
    public long FloorAbove => (Number + 1) * Header.FullClockEvery;

    public static long NumberOf(long seq) => seq / Header.FullClockEvery;
}
