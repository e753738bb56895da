using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>What goes first on a link when not everything fits.</summary>
public enum SendClass
{
    /// <summary>
    /// Session, subscriptions, rounds, requests: never dropped; a full queue ends the link.
    /// </summary>
    Control,

    /// <summary>Bodies this node wrote: dropped when full; anti-entropy brings them.</summary>
    Own,

    /// <summary>Answers to pulls and heads: dropped when full; asked for again.</summary>
    Relayed,
}

/// <summary>
/// Everything a machine can ask of the world. The order in which one step returns them is the
/// order in which they happen, except that answers (<see cref="Signal"/>s) come whenever they come.
/// </summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>To whom is decided by <see cref="Routing"/>.</summary>
    public sealed record Tell(Signal Signal) : Effect;

    /// <summary>
    /// Tell it to the machine that asked, later. Never cancelled: stale ones are ignored.
    /// </summary>
    public sealed record After(TimeSpan Delay, Signal Signal) : Effect;

    /// <summary>Queue these bytes on a link; never waits.</summary>
    public sealed record Transmit(Link Link, byte[] Frame, SendClass Class) : Effect;

    /// <summary>End a link after what is queued as control has gone out.</summary>
    public sealed record Hangup(Link Link, string Reason) : Effect;

    /// <summary>Answered by a new session, or by <see cref="Signal.DialFailed"/>.</summary>
    public sealed record Dial(string Address) : Effect;

    /// <summary>
    /// Make it durable. Answered by <see cref="Signal.Stored"/>. A store that refuses ends the
    /// machine: whoever waits is told, and the next generation starts from what is durable.
    /// </summary>
    public sealed record Persist(Batch Batch) : Effect;

    /// <summary>
    /// Read the headers held in these slots. Answered by <see cref="Signal.Found"/>.
    /// </summary>
    public sealed record Look(TopicId Topic, LogId Log, SeqRange Slots, Suspicion Suspicion)
        : Effect;

    /// <summary>Read headers to deliver. Answered by <see cref="Signal.Loaded"/>.</summary>
    public sealed record Load(TopicId Topic, LogId Log, SeqRange Slots) : Effect;

    /// <summary>
    /// Read how much of the topic is stored. Answered by <see cref="Signal.Surveyed"/>.
    /// </summary>
    public sealed record Survey(TopicId Topic) : Effect;

    /// <summary>
    /// Read where a publish under this key lies. Answered by <see cref="Signal.Recalled"/>.
    /// </summary>
    public sealed record Recall(Signal.Publish Asked, PublishKey Key) : Effect;

    /// <summary>
    /// Read a page and send it as the <see cref="GossipMessage.PullResponse"/> to this request.
    /// The wants are already clipped to what is held and may be served.
    /// </summary>
    public sealed record Serve(
        Link Link,
        TopicId Topic,
        long Request,
        ImmutableArray<Want> Wants,
        ImmutableArray<ForkProof> Proofs) : Effect
    {
        /// <summary>
        /// Revocations that stand past the end of their policy log, and go with its proof.
        /// </summary>
        public ImmutableArray<Entry> Revocations { get; init; } = [];
    }

    /// <summary>Durable: tell the publisher.</summary>
    public sealed record Acknowledge(CallId Call, ImmutableArray<Receipt> Receipts) : Effect;

    /// <summary>It cannot be done: tell the caller why, and what to do.</summary>
    public sealed record Decline(CallId Call, string Code, string Reason) : Effect;

    /// <summary>Entries up to this position can be read in delivery order.</summary>
    public sealed record Delivered(TopicId Topic, long Position) : Effect;

    /// <summary>The bytes of a received message are stored or refused: read on.</summary>
    public sealed record Credit(Link Link, int Bytes) : Effect;

    /// <summary>
    /// Something was dropped: counted by code, and the last ones are kept to be shown.
    /// </summary>
    public sealed record Refuse(RefusalCode Code, string Detail) : Effect;

    /// <summary>A limit was reached: so much was dropped, or made to wait, and of whom.</summary>
    public sealed record Exceed(LimitKind Limit, long Amount, string Detail) : Effect;

    /// <summary>Something happened that is counted but is no fault.</summary>
    public sealed record Count(Tally Tally, long Amount) : Effect;

    /// <summary>
    /// Entries that became durable together: what we wrote, and what came from peers. For watchers.
    /// </summary>
    public sealed record Entered(
        TopicName Topic, ImmutableArray<Entry> Created, ImmutableArray<Entry> Received) : Effect;

    /// <summary>For watchers.</summary>
    public sealed record Happened(NodeEvent Event) : Effect;

    /// <summary>
    /// A connected peer holds a log that this node writes up to this head, under the ids that this
    /// node gave; 0, once the connection ends. Publishers who wait for peers count on it.
    /// </summary>
    public sealed record Held(TopicId Topic, LogId Log, Link Link, Did Holder, long Head) : Effect;

    /// <summary>The newest state of something, for people to look at.</summary>
    public sealed record Show(View View) : Effect;

    /// <summary>Keep it over restarts; when that fails it holds until the next one.</summary>
    public sealed record Remember(Exclusion Exclusion) : Effect;

    /// <summary>It does not hold any more, over restarts neither.</summary>
    public sealed record Forget(Did Did, ExclusionKind Kind) : Effect;

    /// <summary>All rounds that a caller asked for have ended.</summary>
    public sealed record SyncDone(CallId Call, ImmutableArray<SyncResult> Results) : Effect;
}

/// <summary>Why something was dropped. Each has a counter.</summary>
public enum RefusalCode
{
    FrameMalformed,
    FrameTooLarge,
    MessageUnexpected,
    TopicUnknown,
    VersionWrong,
    NetworkWrong,
    IdentityWrong,
    SelfDialed,
    HeaderMalformed,
    EntryTooLarge,
    EntryForeign,
    PayloadMismatch,
    SignatureWrong,
    PastClosure,
    BelowFloor,
    AdmissionUnknown,
    AccessRefused,
    LogFull,
    ProofInvalid,
    QueueFull,
    AttestationInvalid,
    PeerBanned,
    LimitReached,
}

/// <summary>What is counted beside refusals.</summary>
public enum Tally
{
    EntriesDuplicate,
    EntriesReceived,
    EntriesPublished,
    PayloadsPublished,
    EntriesServed,
    PullsSent,
    PullsExpired,
    RoundsEqual,
    RoundsMended,
    RoundsFailed,
    LogsClosed,
    EntriesTrimmed,
    SlotsLost,
    IncarnationsBegun,
    PeersQuarantined,
    PeersBanned,
}
