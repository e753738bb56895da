namespace Gossip.Actors.Wire;

/// <summary>
/// How much one message may claim. Senders stay below, receivers refuse what is above.
/// </summary>
public static class WireLimits
{
    /// <summary>
    /// Per row or want. A sender with more shows the lowest: what it leaves out is asked for, or
    /// shown, once these gaps are mended. 4,096 take about 80 KiB, far below a frame.
    /// </summary>
    public const int RangesMax = 4096;

    /// <summary>
    /// Rows in a frame. One takes 59 bytes at least and becomes 300 of objects; a sender splits
    /// them, by their largest size, so that there are far fewer.
    /// </summary>
    public const int RowsMax = 1536;

    /// <summary>
    /// Wants in a request, as rows: its answer is one page, and seldom reaches further.
    /// </summary>
    public const int WantsMax = 768;

    /// <summary>
    /// Headers asked for in a request, of all logs: a fork is bisected, so few are needed.
    /// </summary>
    public const int HeadersMax = 2048;

    /// <summary>The longest DNS name and a port: "host:65535".</summary>
    public const int AddressBytesMax = 253 + 6;

    /// <summary>A sentence for a person.</summary>
    public const int ReasonBytesMax = 1024;

    /// <summary>
    /// Malformed items that are dropped one by one; more, and the frame is refused as a whole. An
    /// honest peer passes on only what it has checked, so this many are no accident.
    /// </summary>
    public const int ItemsDroppedMax = 64;

    /// <summary>Every peer takes the largest entry, with 16 KiB around it.</summary>
    public const int FrameBytesMin = 1024 * 1024;

    /// <summary>
    /// Around each entry, header or proof in a frame: tags and lengths. For whoever splits a
    /// batch into frames.
    /// </summary>
    public const int ItemOverheadBytes = 32;

    /// <summary>
    /// Around a whole message: its kind, its length, the topic, a request number.
    /// </summary>
    public const int FrameOverheadBytes = 64;
}
