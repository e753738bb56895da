using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;
using Gossip.Actors.Transport;

namespace Gossip.Actors;

/// <summary>
/// Parts that an application brings itself; what is null is made from the options.
/// </summary>
public sealed record GossipParts
{
    /// <summary>Outlives the node: whoever made it disposes of it.</summary>
    public IEntryStore? Store { get; init; }

    public ITransport? Transport { get; init; }

    public IKeys? Keys { get; init; }
}

/// <summary>
/// One topic as this node holds it. Two nodes with the same entries have the same root. The policy
/// is null for a public topic.
/// </summary>
public sealed record TopicStatus(
    TopicName Name,
    TopicId Id,
    Hash Root,
    StoreStatistics Statistics,
    long Position,
    VectorClock Clock,
    ImmutableArray<Row> Rows,
    ImmutableArray<LagView> Lags,
    ImmutableArray<BlockedView> Blocked,
    ImmutableArray<Closure> Closures,
    PolicyView? Policy = null);

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
    ImmutableArray<PartitionView> Partitions,
    ImmutableSortedDictionary<string, long> Counters,
    ImmutableArray<string> RecentRefusals);

/// <summary>
/// A call that could not be done; <see cref="Code"/> is stable, the message is for people.
/// </summary>
public class GossipException(string code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code => code;
}
