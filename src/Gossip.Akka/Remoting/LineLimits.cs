using Gossip.Actors;
using Gossip.Actors.Transport;

namespace Gossip.Akka.Remoting;

/// <summary>How large is one message, and how many bytes may be under way on one line?</summary>
internal static class LineLimits
{
    /// <summary>
    /// Half of what Akka.Remote takes by default: large enough to be few, small enough that the
    /// heartbeats of the cluster, which share the association, are never far behind.
    /// </summary>
    public const int ChunkBytesMax = 64 * 1024;

    /// <summary>
    /// What a chunk takes in memory while it waits, besides its content: credit is taken for it as
    /// well, so that credit bounds how many wait, and not only how many bytes.
    /// </summary>
    public const int ChunkCost = 256;

    /// <summary>
    /// What Akka.Remote adds: two paths, the serializer, the protocol's own header.
    /// </summary>
    public const int EnvelopeBytes = 8 * 1024;

    /// <summary>
    /// Beyond one whole frame, which has to fit since it is read as a whole: what may be read and
    /// not yet given back, and as much again, so that sender and reader need not take turns.
    /// </summary>
    private const int AheadBytes = 2 * OpenLine.CreditEvery;

    /// <summary>The handshake, the end, and credit: a chunk for each two of a window.</summary>
    private const int ControlBytes = 64 * 1024;

    public static int Window(GossipSizes sizes) =>
        FrameReader.PrefixBytes + sizes.FrameBytesMax + AheadBytes;

    /// <summary>What may wait in the mailbox of a line whose peer keeps to its credit.</summary>
    public static int MailboxBytes(GossipSizes sizes) => Window(sizes) + ControlBytes;
}
