using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Microsoft.Extensions.Logging;

namespace Gossip.Actors;

/// <summary>The door: a node inside your process. Publish, read, follow, look, stop.</summary>
public sealed class GossipNode : IAsyncDisposable
{
    /// <summary>Who this node is.</summary>
    public Did Did => throw new NotImplementedException();

    /// <summary>Where peers can dial it; null when it does not listen.</summary>
    public string? Address => throw new NotImplementedException();

    /// <summary>What it keeps its entries in.</summary>
    public string StoreDescription => throw new NotImplementedException();

    /// <exception cref="GossipException">options-invalid, store-…, address-…</exception>
    public static Task<GossipNode> StartAsync(
        GossipOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>
    /// Carries a public topic from now on, after a restart too. True when it is new here.
    /// </summary>
    public Task<bool> JoinAsync(TopicName topic, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>
    /// Publishes to a topic that this node carries; durable here when the task completes. The
    /// payloads share one entry. Waits for room when much is waiting.
    /// </summary>
    /// <exception cref="GossipException">
    /// topic-unknown, payload-too-large, store-…, stopped.
    /// </exception>
    public Task<ImmutableArray<Receipt>> PublishAsync(
        TopicName topic, ImmutableArray<Payload> payloads, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>A page of the topic in this node's order of delivery, after a position.</summary>
    /// <exception cref="GossipException">topic-unknown, stopped.</exception>
    public Task<ImmutableArray<DeliveredEntry>> ReadAsync(
        TopicName topic, long after, int entriesMax, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>
    /// Everything after a position, then what comes, each entry once. A slow reader delays nobody.
    /// </summary>
    public IAsyncEnumerable<DeliveredEntry> FollowAsync(
        TopicName topic, long after, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>An entry by its id; null when this node does not hold it.</summary>
    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>
    /// Runs a round with one peer, or with all, now. Empty when nobody is connected.
    /// </summary>
    /// <exception cref="GossipException">peer-unknown, stopped.</exception>
    public Task<ImmutableArray<SyncResult>> SyncAsync(Did? peer, CancellationToken stop) =>
        throw new NotImplementedException();

    public ImmutableArray<PeerView> Peers() => throw new NotImplementedException();

    public Task<ImmutableArray<TopicStatus>> TopicsAsync(CancellationToken stop) =>
        throw new NotImplementedException();

    public NodeStatus Status() => throw new NotImplementedException();

    /// <summary>Stops accepting, finishes commits and acknowledgements, says goodbye.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>
/// One topic as this node holds it. Two nodes with the same entries have the same root.
/// </summary>
public sealed record TopicStatus(
    TopicName Name,
    TopicId Id,
    Hash Root,
    StoreStatistics Statistics,
    long Position,
    ImmutableArray<Row> Rows,
    ImmutableArray<LagView> Lags,
    ImmutableArray<BlockedView> Blocked,
    ImmutableArray<Closure> Closures);

/// <summary>
/// The node itself. <paramref name="NotReady"/> lists why it is not ready; empty when it is.
/// Counters hold every refusal and tally by name.
/// </summary>
public sealed record NodeStatus(
    Did Did,
    string Network,
    string? Address,
    string Store,
    long UptimeMilliseconds,
    int PeersConnected,
    ImmutableArray<string> NotReady,
    ImmutableSortedDictionary<string, long> Counters,
    ImmutableArray<string> RecentRefusals);

/// <summary>
/// A call that could not be done; <see cref="Code"/> is stable, the message is for people.
/// </summary>
public sealed class GossipException(string code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code => code;
}
