using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// Sizes and counts: each bounds what a peer, or a user, can make this node hold.
/// </summary>
public sealed record GossipSizes
{
    /// <summary>Bytes; the largest frame taken or sent. Fits the largest entry.</summary>
    public int FrameBytesMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// Bytes of one payload; larger content belongs in a blob store, its hash here.
    /// </summary>
    public int PayloadBytesMax { get; init; } = 256 * 1024;

    /// <summary>
    /// Bytes of one answer to a pull; small enough that control is never far behind.
    /// </summary>
    public int PageBytesMax { get; init; } = 512 * 1024;

    /// <summary>Entries of one answer to a pull.</summary>
    public int PageEntriesMax { get; init; } = 4096;

    /// <summary>Bytes received from one peer and not yet stored; its reader stops there.</summary>
    public int CreditBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes received from all peers and not yet stored; each may always have one frame, then
    /// readers stop there. What several peers fill while a disk is slow, far below what a small
    /// machine has.
    /// </summary>
    public int ReceivedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes queued to one peer per send class.</summary>
    public int SendQueueBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Signals waiting for one actor.</summary>
    public int MailboxMax { get; init; } = 8192;

    /// <summary>
    /// Connections at once; each costs about 100 KiB. At most half are accepted: the other half is
    /// kept for those this node dials, which no stranger chooses.
    /// </summary>
    public int ConnectionsMax { get; init; } = 256;

    /// <summary>
    /// Accepted connections of one remote address (of IPv6, one /64): a company behind one router,
    /// and half of all that are accepted.
    /// </summary>
    public int ConnectionsPerAddressMax { get; init; } = 64;

    /// <summary>
    /// Whether loopback is an address like others. Off: a development machine runs many nodes, and
    /// who is on this machine needs no connections to do it harm.
    /// </summary>
    public bool LoopbackLimited { get; init; }

    /// <summary>
    /// Connections with one key, whatever instances it names: a service that runs a few processes
    /// under one key, each of them while it restarts.
    /// </summary>
    public int ConnectionsPerIdentityMax { get; init; } = 16;

    /// <summary>
    /// Connections with one process: both sides may have dialled at the same time.
    /// </summary>
    public int ConnectionsPerProcessMax { get; init; } = 2;

    /// <summary>
    /// Accepted connections whose handshake has not ended; a newer one takes the place of the
    /// oldest, first of those that have not sent a whole client hello. A flood must bring so many
    /// within the time an honest handshake takes, and each that greets costs about 50 KiB.
    /// </summary>
    public int HandshakesMax { get; init; } = 512;

    /// <summary>Topics one peer may name on one link.</summary>
    public int TopicsPerPeerMax { get; init; } = 4096;

    /// <summary>Events waiting for one watcher; a slower one misses what comes then.</summary>
    public int EventsMax { get; init; } = 4096;

    /// <summary>Failures in a row on one entry that park a topic actor there.</summary>
    public int ActorFailuresMax { get; init; } = 3;

    /// <summary>
    /// Positions between two snapshots of a topic actor: what a restart replays at most.
    /// </summary>
    public int ActorSnapshotEvery { get; init; } = 10_000;

    /// <summary>Bytes of one snapshot; it is written whole each time.</summary>
    public int ActorSnapshotBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Publish calls waiting for their commit; further ones wait for room.</summary>
    public int PublishesMax { get; init; } = 8192;

    /// <summary>
    /// Attestations in memory, of 200 to 500 bytes each. Where there are more, only those of the
    /// viewpoints and of whom they trust are kept: all that their scores depend on.
    /// </summary>
    public int TrustAttestationsMax { get; init; } = 131_072;

    internal IEnumerable<string> Refusals() =>
        from size in new (string Name, long Value, long Min, long Max)[]
        {
            ("frame-bytes-max", FrameBytesMax, 1024 * 1024, Limits.FrameBytesMost),
            ("payload-bytes-max", PayloadBytesMax, 1, Limits.PayloadListBytesMax - 1024),
            ("page-bytes-max", PageBytesMax, 4096, FrameBytesMax - 16 * 1024),
            ("page-entries-max", PageEntriesMax, 1, 65_536),
            ("credit-bytes", CreditBytes, FrameBytesMax, 1 << 30),
            ("received-bytes-max", ReceivedBytesMax, CreditBytes, 1 << 30),
            ("send-queue-bytes-max", SendQueueBytesMax, FrameBytesMax, 1 << 30),
            ("mailbox-max", MailboxMax, 64, 1 << 20),
            ("connections-max", ConnectionsMax, 1, 65_536),
            ("connections-per-address-max", ConnectionsPerAddressMax, 1, 65_536),
            ("connections-per-identity-max", ConnectionsPerIdentityMax, 1, 65_536),
            ("connections-per-process-max", ConnectionsPerProcessMax, 2, 65_536),
            ("handshakes-max", HandshakesMax, 1, 65_536),
            ("topics-per-peer-max", TopicsPerPeerMax, 1, 1 << 20),
            ("events-max", EventsMax, 1, 1 << 20),
            ("actor-failures-max", ActorFailuresMax, 1, 1000),
            ("actor-snapshot-every", ActorSnapshotEvery, 1, 1 << 30),
            ("actor-snapshot-bytes-max", ActorSnapshotBytesMax, 1, 1 << 30),
            ("publishes-max", PublishesMax, 1, 1 << 20),
            ("trust-attestations-max", TrustAttestationsMax, 65_536, 1 << 24),
        }
        where size.Value < size.Min || size.Value > size.Max
        select $"{size.Name}: {size.Min} to {size.Max}, not {size.Value}";
}
