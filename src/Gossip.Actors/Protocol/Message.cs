using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>16 random bytes that each side draws for a connection.</summary>
public readonly record struct Nonce(UInt128 Value);

/// <summary>
/// What a link calls a topic: SHA-256(lower nonce || higher nonce || topic id). Only who knows the
/// topic recognises it, and no two links use one name.
/// </summary>
public readonly record struct TopicToken(Hash Hash)
{
    public static TopicToken Of(Nonce one, Nonce other, TopicId topic)
    {
        var (low, high) = one.Value <= other.Value ? (one, other) : (other, one);
        Span<byte> bytes = stackalloc byte[32 + Hash.Bytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, low.Value);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], high.Value);
        topic.Hash.Write(bytes[32..]);
        return new(Hash.OfBytes(bytes));
    }
}

/// <summary>
/// Why a session ends; sent in <see cref="GossipMessage.Goodbye"/> and logged by both sides.
/// </summary>
public enum GoodbyeCode
{
    None,
    Leaving,
    WrongVersion,
    WrongNetwork,
    SelfDial,
    Duplicate,
    WrongIdentity,
    Malformed,
    TooSlow,
    Unexpected,
    TooLarge,
    Banned,

    /// <summary>No place for one more link, of this peer or at all: try again later.</summary>
    Full,
}

/// <summary>
/// Everything one node can say to another. The four gossip messages keep ICN's names:
/// Announcement, PullRequest, PullResponse, AntiEntropy.
/// </summary>
public abstract record GossipMessage
{
    private GossipMessage()
    {
    }

    /// <summary>First on every connection, both ways: who I am, and which network I mean.</summary>
    public sealed record Hello(
        int Version,
        string Network,
        Did From,
        ulong Instance,
        Nonce Nonce,
        string ListenAddress,
        int FrameBytesMax) : GossipMessage
    {
        /// <summary>Whether it reads compressed frames: who does not say so does not.</summary>
        public bool TakesCompressed { get; init; }
    }

    /// <summary>Last on a connection that ends in order.</summary>
    public sealed record Goodbye(GoodbyeCode Code, string Reason) : GossipMessage;

    public sealed record Ping(ulong Token) : GossipMessage;

    public sealed record Pong(ulong Token) : GossipMessage;

    /// <summary>The sender carries this topic and will take its entries.</summary>
    public sealed record Subscribe(TopicToken Token) : GossipMessage;

    public sealed record Unsubscribe(TopicToken Token) : GossipMessage;

    /// <summary>Push: bodies the sender wrote, or proofs that a log forked.</summary>
    public sealed record Announcement(
        TopicId Topic,
        ImmutableArray<Entry> Entries,
        ImmutableArray<ForkProof> Proofs) : GossipMessage;

    /// <summary>
    /// Asks for what the other side showed that it holds. Answered once, in one page.
    /// </summary>
    public sealed record PullRequest(TopicId Topic, long Request, ImmutableArray<Want> Wants)
        : GossipMessage;

    /// <summary>The answer: as much as fits a page, in log and seq order.</summary>
    public sealed record PullResponse(
        TopicId Topic,
        long Request,
        ImmutableArray<Entry> Entries,
        ImmutableArray<SignedHeader> Headers,
        ImmutableArray<ForkProof> Proofs) : GossipMessage;

    /// <summary>
    /// What the sender holds now of the logs that grew: one row covers many entries.
    /// </summary>
    public sealed record Heads(TopicId Topic, ImmutableArray<Row> Rows) : GossipMessage;

    /// <summary>One step of a round. See README.md, "A round".</summary>
    public sealed record AntiEntropy(
        long Round,
        bool IsInitiator,
        RoundStep Step,
        Hash Summary,
        ImmutableArray<TopicDigest> Topics) : GossipMessage;
}

/// <summary>The steps of a round, in order.</summary>
public enum RoundStep
{
    /// <summary>One hash over the roots of all topics both sides carry.</summary>
    Summary = 1,

    /// <summary>The same hash back: nothing to do.</summary>
    Equal = 2,

    /// <summary>Rows, from each side to the other.</summary>
    Digests = 3,

    /// <summary>The sender now holds all that both showed, and this is the root of it.</summary>
    Closing = 4,
}

/// <summary>What is asked for of one log.</summary>
public sealed record Want(
    LogId Log,
    IntervalSet Entries,
    ImmutableArray<long> Headers,
    bool WantsProof)
{
    public static Want EntriesOf(LogId log, IntervalSet entries) => new(log, entries, [], false);

    public static Want HeadersOf(LogId log, ImmutableArray<long> seqs) =>
        new(log, IntervalSet.Empty, seqs, false);

    public static Want ProofOf(LogId log) => new(log, IntervalSet.Empty, [], true);
}
