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

    /// <summary>
    /// From a topic: what is delivered, what waits for others (at most 100 entries), closed logs.
    /// </summary>
    public sealed record Delivery(
        TopicId Id,
        long Position,
        VectorClock Clock,
        ImmutableArray<BlockedView> Blocked,
        ImmutableArray<Closure> Closures) : View;
}

/// <summary>
/// State is connected, dialing or waiting; times are Unix milliseconds, 0 for never.
/// </summary>
public sealed record PeerView(
    string? Did,
    string Address,
    string State,
    long LastSeen,
    int Attempts,
    int Successes,
    string? LastError);

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

/// <summary>How a round that someone asked for ended.</summary>
public sealed record SyncResult(
    string Did,
    bool IsEqual,
    string Outcome,
    long Sent,
    long Received,
    double Seconds);
