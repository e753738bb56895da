using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
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

    /// <summary>
    /// Opens the key in the data directory, or encrypts the one that is made there. A
    /// <see cref="GossipOptions.KeyPassphraseFile"/> wins over it.
    /// </summary>
    public Passphrase? KeyPassphrase { get; init; }

    /// <summary>Instead of the graph of attestations.</summary>
    public ITrustSource? Trust { get; init; }

    internal INodeRuntime Runtime { get; init; } = new EmbeddedRuntime();
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
    PolicyView? Policy = null)
{
    public ImmutableArray<LostView> Lost { get; init; } = [];
}

/// <summary>
/// A log that no longer counts from a slot on, the proof of it, and how many entries held here lie
/// at or after that slot. The proof is null where the topic's policy revoked the rest of the log:
/// the policy's own entries say so.
/// </summary>
public sealed record ClosedLog(
    TopicName Topic, LogId Log, long Slot, ForkProof? Proof, long Disputed);

/// <summary>
/// The node itself. <paramref name="NotReady"/> lists why it is not ready; empty when it is.
/// Twins are other processes with this node's key: no fault of the node, and nobody meant them.
/// Counters hold every refusal and tally by name. The runtime is what runs its actors: embedded, or
/// akka.
/// </summary>
public sealed record NodeStatus(
    Did Did,
    string Network,
    string? Address,
    string Store,
    string Runtime,
    long UptimeMilliseconds,
    int PeersConnected,
    ImmutableArray<string> NotReady,
    ImmutableArray<PartitionView> Partitions,
    ImmutableArray<TwinView> Twins,
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
