using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// What people see of a machine's state; absolute, so the newest replaces the last.
/// </summary>
public abstract record View
{
    private View()
    {
    }

    /// <summary>From the peer book: everyone we know of, connected or not.</summary>
    public sealed record Peers(ImmutableArray<PeerView> All) : View;

    /// <summary>From the peer book: other processes that run with this node's key.</summary>
    public sealed record Twins(ImmutableArray<TwinView> All) : View;

    /// <summary>
    /// From the ledger: what is held of one topic, and what each peer last claimed.
    /// </summary>
    public sealed record Topic(
        TopicId Id,
        TopicName Name,
        ImmutableSortedDictionary<LogId, Row> Rows,
        ImmutableArray<LagView> Lags) : View;

    /// <summary>From anti-entropy: peers that are away for too long, or not yet equal.</summary>
    public sealed record Partitions(ImmutableArray<PartitionView> All) : View;

    /// <summary>From reputation: all that is known, in place of what was shown before.</summary>
    public sealed record Standings(ImmutableDictionary<Did, PeerReputation> All) : View;

    /// <summary>
    /// From reputation: one identity; good without a reason when it is forgotten.
    /// </summary>
    public sealed record OfPeer(Did Did, PeerReputation Reputation) : View;

    /// <summary>
    /// From a topic: what is delivered, what waits for others (at most 100 entries), closed logs,
    /// and the first slot of each log that the policy takes away.
    /// </summary>
    public sealed record Delivery(
        TopicId Id,
        long Position,
        VectorClock Clock,
        ImmutableArray<BlockedView> Blocked,
        ImmutableArray<Closure> Closures,
        ImmutableArray<Dot> Revoked) : View
    {
        public ImmutableArray<LostView> Lost { get; init; } = [];
    }

    /// <summary>
    /// From retention: bytes of entries that are stored, and which topic has most of them. Only
    /// what some bound made it look at.
    /// </summary>
    public sealed record Stored(long Bytes, TopicName Most, long MostBytes) : View;

    /// <summary>From a topic with an owner: what its policy says, as it is held here.</summary>
    public sealed record Policy(TopicId Id, PolicyView Said) : View;
}

/// <summary>
/// A topic's policy as this node holds it: empty until it has come. Rights follow from signed
/// entries; <paramref name="Problem"/> says why nobody has any.
/// </summary>
public sealed record PolicyView(
    Did? Owner,
    PolicyTerms? Terms,
    ImmutableArray<MemberView> Members,
    bool MayWrite,
    bool MayGovern,
    string? Problem)
{
    internal static PolicyView Of(Rights rights, Did self) => Of(rights, self, rights.SeatOf(self));

    private static PolicyView Of(Rights rights, Did self, Seat? ours) => new(
        rights.Owner,
        rights.Terms,
        [
            .. from i in rights.Admitted
               orderby i.Said.Author
               select new MemberView(
                   i.Said.Author, i.Said.Writes ? "writer" : "reader", i.Said.EntriesMax,
                   i.Said.Address)
               {
                   IsByTrust = i.Said.IsByTrust,
                   MayRevoke = ours is not null && rights.MayRevoke(ours, i.Under),
               },
            .. from a in rights.Appointed
               orderby a.Author
               select new MemberView(
                   a.Author,
                   a.Role == PolicyRole.Delegate ? "delegate"
                       : a.MayAct ? "owner-by-succession" : "successor",
                   0,
                   ""),
        ],
        rights.WritesUnder(self) is not null,
        ours is not null && rights.MayAct(ours),
        rights.IsUnreadable
            ? "An entry of the policy cannot be read by this version: the topic is closed here "
                + "until this node is upgraded."
            : rights.Owner is null
                ? "The policy has not come yet: connect to the owner, or to a member, that knows "
                    + "of this node's invitation."
                : null);
}

/// <summary>Who may do what: reader, writer, delegate, successor, owner-by-succession.</summary>
public sealed record MemberView(Did Did, string Right, long EntriesMax, string Address)
{
    /// <summary>The automatic inviter let it in.</summary>
    public bool IsByTrust { get; init; }

    /// <summary>This node may take it back.</summary>
    public bool MayRevoke { get; init; }
}

/// <summary>
/// State is connected, dialing, waiting, or away: only its reputation is known. Times are Unix
/// milliseconds, 0 for never.
/// </summary>
public sealed record PeerView(
    string? Did,
    string Address,
    string State,
    long LastSeen,
    int Attempts,
    int Successes,
    string? LastError)
{
    /// <summary>How far this node trusts it, and why.</summary>
    public PeerReputation Reputation { get; init; } = PeerReputation.Unknown;
}

/// <summary>
/// Another process that runs with this node's key: where it said hello, or, where only its writing
/// is seen, the log it writes. Times are Unix milliseconds.
/// </summary>
public sealed record TwinView(
    string Address, LogId? Log, long FirstSeen, long LastSeen, bool IsConnected);

/// <summary>How many slots a connected peer has not claimed yet, and we hold.</summary>
public sealed record LagView(string Did, long Behind, bool IsEqual, long ComparedAt);

/// <summary>
/// A peer that was silent for longer than the threshold, since when (Unix milliseconds), and
/// whether it is connected again: then a round has still to find both sides equal.
/// </summary>
public sealed record PartitionView(string Did, long SilentSince, bool IsBack);

/// <summary>
/// A stored entry that is not delivered yet, and the first dependency it waits for.
/// </summary>
public sealed record BlockedView(Dot Entry, Dot WaitsFor);

/// <summary>Slots of a log that nobody could serve: delivery went on without them.</summary>
public sealed record LostView(LogId Log, IntervalSet Slots);

/// <summary>How a round that someone asked for ended.</summary>
public sealed record SyncResult(
    string Did,
    bool IsEqual,
    string Outcome,
    long Sent,
    long Received,
    double Seconds);
