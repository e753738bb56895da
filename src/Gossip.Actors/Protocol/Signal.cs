using System.Collections.Immutable;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>A connection while it lives; numbered by the node, never re-used.</summary>
public readonly record struct Link(long Number) : IComparable<Link>
{
    public int CompareTo(Link other) => Number.CompareTo(other.Number);

    public override string ToString() => $"link {Number}";
}

/// <summary>A caller outside the machines who waits for an answer.</summary>
public readonly record struct CallId(long Number);

/// <summary>Who is at the other end of a link, as its hello and its certificate say.</summary>
public sealed record Peer(Did Did, ulong Instance, string ListenAddress, string? DialedAddress);

/// <summary>
/// Everything a machine can be told: by the world, or by a sibling. Facts between siblings are
/// absolute, so the newest replaces what it overtakes and none is a fault.
/// </summary>
public abstract record Signal
{
    private Signal()
    {
    }

    // ---- the world tells ----

    /// <summary>To a new machine, once: begin. A session says hello, a book dials.</summary>
    public sealed record Started : Signal;

    /// <summary>A sibling was restarted and knows nothing: state your facts again.</summary>
    public sealed record Restate : Signal;

    /// <summary>The node stops: say goodbye.</summary>
    public sealed record Stopping : Signal;

    /// <summary>Bytes arrived.</summary>
    public sealed record Frame(Link Link, ReadOnlyMemory<byte> Bytes) : Signal
    {
        /// <summary>
        /// What it takes of the link's credit, once it is opened: a flood of tiny frames is no
        /// bargain, nor is one that grows.
        /// </summary>
        public int Cost => Math.Max(CompressedFrame.SizeOf(Bytes), 1024);
    }

    /// <summary>The connection is gone.</summary>
    public sealed record LinkClosed(Link Link, string Reason) : Signal;

    /// <summary>No session came of a dial.</summary>
    public sealed record DialFailed(string Address, GoodbyeCode Code, string Reason) : Signal
    {
        /// <summary>Who was there, when it is we who want nothing of it.</summary>
        public Did? Answered { get; init; }
    }

    /// <summary>Someone outside asks a topic, and waits for its answer.</summary>
    public abstract record Called(TopicId Topic, CallId Call) : Signal;

    /// <summary>A user publishes: these payloads go into one entry, once per key.</summary>
    public sealed record Publish(
        TopicId Topic, CallId Call, ImmutableArray<Payload> Payloads, PublishKey? Key = null)
        : Called(Topic, Call)
    {
        /// <summary>Nothing to say any more: the log that this node writes ends.</summary>
        public bool IsEnd => Payloads.IsEmpty;

        /// <summary>The payload says which entries are erased.</summary>
        public bool Erases { get; init; }
    }

    /// <summary>A user takes back what an entry carries.</summary>
    public sealed record Erase(TopicId Topic, CallId Call, Dot Dot, EntryId Entry)
        : Called(Topic, Call);

    /// <summary>A person asks for a change of a topic's policy.</summary>
    public sealed record Govern(TopicId Topic, CallId Call, PolicyWish Wish)
        : Called(Topic, Call);

    /// <summary>
    /// The node's key is replaced by this one: every log that it writes here ends, and names it.
    /// </summary>
    public sealed record Rotate(TopicId Topic, CallId Call, IKeys Successor)
        : Called(Topic, Call);

    /// <summary>Where this was published before; null when it never was.</summary>
    public sealed record Recalled(Signal.Publish Asked, Publication? Published) : Signal;

    /// <summary>The batch is durable.</summary>
    public sealed record Stored(TopicId Topic, long Batch) : Signal;

    /// <summary>The headers held in the slots around a suspect, which is not one of them.</summary>
    public sealed record Found(
        TopicId Topic,
        LogId Log,
        ImmutableArray<SignedHeader> Headers,
        Suspicion Suspicion) : Signal;

    /// <summary>Headers of stored entries that wait for delivery, in seq order.</summary>
    public sealed record Loaded(TopicId Topic, LogId Log, ImmutableArray<SignedHeader> Headers)
        : Signal;

    /// <summary>How much of each topic is stored, for whoever decides what may be forgotten.
    /// </summary>
    public sealed record Surveyed(TopicId Topic, ImmutableArray<Segment> Segments) : Signal;

    /// <summary>Someone outside asks for rounds now: with one peer, or with all.</summary>
    public sealed record SyncAsked(CallId Call, Did? Peer) : Signal;

    /// <summary>The operator takes back what stands against an identity.</summary>
    public sealed record Pardoned(Did Did) : Signal;

    /// <summary>The operator keeps an identity out, and says why.</summary>
    public sealed record Blocked(Did Did, string Reason) : Signal;

    public sealed record Unblocked(Did Did) : Signal;

    /// <summary>Whoever knows where peers are (a cluster, for one) names an address.</summary>
    public sealed record Discovered(string Address) : Signal;

    /// <summary>There is no peer at this address any more, says who discovered it.</summary>
    public sealed record Vanished(string Address) : Signal;

    // ---- timers come back as signals; a stale one is recognised by its number ----

    public sealed record LivenessDue(Link Link) : Signal;

    public sealed record RoundDue(long Round) : Signal;

    public sealed record RoundExpired(Link Link, long Round) : Signal;

    public sealed record HeadsDue : Signal;

    public sealed record PullDue(TopicId Topic) : Signal;

    public sealed record PullExpired(TopicId Topic, Link Link, long Request) : Signal;

    public sealed record RedialDue(string Address, long Attempt) : Signal;

    public sealed record SweepDue : Signal;

    public sealed record SilenceDue(Did Peer, long Number) : Signal;

    public sealed record StandingDue(Did Did) : Signal;

    // ---- siblings tell ----

    /// <summary>To a session: say this to your peer.</summary>
    public sealed record Send(Link Link, GossipMessage Message) : Signal;

    /// <summary>
    /// From a session: its peer said this. The bytes come back with <see cref="Effect.Credit"/>
    /// once they are stored or refused.
    /// </summary>
    public sealed record Received(Link Link, Did From, GossipMessage Message, int Bytes) : Signal;

    public sealed record PeerUp(Link Link, Peer Peer) : Signal;

    public sealed record PeerDown(Link Link, string Reason) : Signal
    {
        /// <summary>One side stopped, and said so.</summary>
        public bool IsLeaving { get; init; }
    }

    /// <summary>
    /// A peer did something wrong itself. Who tells it and does not know the identity that was
    /// proven there says null: it is whoever is at the link.
    /// </summary>
    public sealed record Misbehaved(Link Link, Did? By, Misconduct Kind, string Evidence) : Signal;

    /// <summary>
    /// An entry came that its author did not sign. It blames the author, and only when it is who
    /// sent it: what a relay passes on is not its own.
    /// </summary>
    public sealed record NotSigned(Link Link, Did Author, string Evidence) : Signal;

    /// <summary>A peer served something useful of what it had offered.</summary>
    public sealed record PromiseKept(Link Link) : Signal;

    /// <summary>
    /// These identities, and no others. While anybody else is there, nothing is asked of those in
    /// quarantine and they are not dialled; with those that are barred there is no link at all.
    /// </summary>
    public sealed record Distrusted(
        ImmutableSortedSet<Did> Quarantined, ImmutableSortedSet<Did> Barred) : Signal;

    /// <summary>This node carries the topic, and these may read it.</summary>
    public sealed record TopicCarried(TopicId Topic, TopicName Name) : Signal
    {
        /// <summary>Nobody, until a topic with an owner has said who.</summary>
        public Readers Readers { get; init; } =
            Name.IsPublic ? Readers.Everyone : Readers.Nobody;
    }

    /// <summary>How long, and how much, a topic's policy lets nodes keep; zero: no bound.
    /// </summary>
    public sealed record KeptFor(TopicId Topic, TimeSpan Keep, long KeepBytes) : Signal;

    /// <summary>To a topic: forget what lies below these slots.</summary>
    public sealed record Trim(TopicId Topic, ImmutableArray<Dot> Floors) : Signal;

    /// <summary>Members of a topic that this node carries, and where they may be dialled.</summary>
    public sealed record MembersAt(TopicId Topic, ImmutableArray<(Did Did, string Address)> Members)
        : Signal;

    /// <summary>Whether the peer at a link carries a topic that this node carries too.</summary>
    public sealed record Subscribed(Link Link, Did Did, TopicId Topic, bool IsSubscribed) : Signal;

    /// <summary>One log as it is durably held. Told only after the commit.</summary>
    public sealed record Advanced(TopicId Topic, Row Row) : Signal;

    /// <summary>The topic's policy takes all of this log away: it has no row any more.</summary>
    public sealed record Withdrawn(TopicId Topic, LogId Log) : Signal;

    /// <summary>
    /// A peer showed rows that differ from ours: in a round of ours (above 0), of its own
    /// (below 0), or as heads outside any round (0).
    /// </summary>
    public sealed record Shown(Link Link, TopicId Topic, long Round, ImmutableArray<Row> Rows)
        : Signal;

    /// <summary>
    /// Everything the peer showed in this round is held here, under the same ids.
    /// </summary>
    public sealed record CaughtUp(Link Link, TopicId Topic, long Round) : Signal;

    /// <summary>To the ledger: begin a round with this peer.</summary>
    public sealed record Compare(Link Link, long Round) : Signal;

    /// <summary>Slots each side lacked of what the other showed.</summary>
    public sealed record RoundEnded(
        Link Link, long Round, bool IsEqual, string Outcome, long TheyLacked, long WeLacked)
        : Signal;
}

/// <summary>Why held headers are looked up.</summary>
public abstract record Suspicion
{
    private Suspicion()
    {
    }

    /// <summary>This entry or header may be a duplicate, or a second history.</summary>
    public sealed record OfHeader(SignedHeader Header, Link From) : Suspicion;

    /// <summary>Someone showed that this log forked.</summary>
    public sealed record OfProof(ForkProof Proof) : Suspicion;

    /// <summary>A peer claims that this slot holds an id that starts so.</summary>
    public sealed record OfClaim(Link From, long Seq, UInt128 IdPrefix) : Suspicion;

    /// <summary>The policy takes away what comes from this slot on: the id before?</summary>
    public sealed record OfRevocation(long End) : Suspicion;
}
