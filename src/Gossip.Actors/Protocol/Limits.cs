namespace Gossip.Actors.Protocol;

/// <summary>
/// What every node of every network agrees on: these decide what is an entry, so they are
/// constants, never options. Everything else that is limited is an option.
/// </summary>
public static class Limits
{
    /// <summary>Bumped when nodes could no longer understand each other.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>No option lets a node take larger frames.</summary>
    public const int FrameBytesMost = 16 * 1024 * 1024;

    /// <summary>
    /// Room for <see cref="ClockComponentsMax"/>, and four times what else there is.
    /// </summary>
    public const int HeaderBytesMax = 64 * 1024;

    /// <summary>
    /// An entry must travel in one 1 MiB frame, beside 16 KiB for what is around it.
    /// </summary>
    public const int EntryBytesMax = 1024 * 1024 - 16 * 1024;

    /// <summary>Published at once; leaves room for a whole header.</summary>
    public const int PayloadListBytesMax = EntryBytesMax - HeaderBytesMax - 1024;

    /// <summary>A batch of small payloads shares one signature; more would gain nothing.</summary>
    public const int PayloadsPerEntryMax = 4096;

    /// <summary>
    /// A payload is 2 fields (itself, its data) and 3 more per header (itself, both parts): two
    /// headers on each payload of a full batch, as content type and trace context are.
    /// </summary>
    public const int PayloadFieldsMax = 8 * PayloadsPerEntryMax;

    /// <summary>
    /// 75 bytes each in a public topic, 119 under a policy: fits <see cref="HeaderBytesMax"/>. The
    /// author leaves the rest out.
    /// </summary>
    public const int ClockComponentsMax = 512;

    /// <summary>
    /// 8 fields per clock component under a policy, and 14 for the header around them.
    /// </summary>
    public const int HeaderFieldsMax = 8 * ClockComponentsMax + 16;

    /// <summary>The end of the year 9999: later times have no date, and would overflow.</summary>
    public const long TimeMax = 253_402_300_799_999;

    /// <summary>A network's name, in bytes of UTF-8.</summary>
    public const int NetworkBytesMax = 64;
}
