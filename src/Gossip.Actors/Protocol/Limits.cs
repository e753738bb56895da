namespace Gossip.Actors.Protocol;

/// <summary>
/// What every node of every network agrees on: these decide what is an entry, so they are
/// constants, never options. Everything else that is limited is an option.
/// </summary>
public static class Limits
{
    /// <summary>Bumped when nodes could no longer understand each other.</summary>
    public const int ProtocolVersion = 1;

    /// <summary>Room for about 800 clock components.</summary>
    public const int HeaderBytesMax = 64 * 1024;

    /// <summary>An entry must travel in one 1 MiB frame, beside 16 KiB for what is around it.</summary>
    public const int EntryBytesMax = 1024 * 1024 - 16 * 1024;

    /// <summary>Published at once; leaves room for a whole header.</summary>
    public const int PayloadListBytesMax = EntryBytesMax - HeaderBytesMax - 1024;

    /// <summary>A batch of small payloads shares one signature; more would gain nothing.</summary>
    public const int PayloadsPerEntryMax = 4096;

    /// <summary>Payloads, their headers, and both parts of each header.</summary>
    public const int PayloadFieldsMax = 4 * PayloadsPerEntryMax;

    /// <summary>75 bytes each: fits <see cref="HeaderBytesMax"/>. The author leaves the rest out.</summary>
    public const int ClockComponentsMax = 512;

    /// <summary>A network's name, in bytes of UTF-8.</summary>
    public const int NetworkBytesMax = 64;
}
