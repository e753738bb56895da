using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>What a publish waits for, and how a retry is recognised.</summary>
public sealed record PublishOptions
{
    /// <summary>Who must hold the entry durably before the call completes.</summary>
    public Acks Acks { get; init; } = Acks.Local;

    /// <summary>
    /// How long to wait for peers; null takes the node's own (acks-timeout). The entry stays
    /// published whatever happens.
    /// </summary>
    public TimeSpan? AcksTimeout { get; init; }

    /// <summary>
    /// Unique per identity and topic, as long as this node keeps its store: a second publish under
    /// the same key writes nothing and gets the receipts of the first.
    /// </summary>
    public PublishKey? Key { get; init; }
}

/// <summary>Where an entry must be durable: here, or here and at so many peers.</summary>
public readonly record struct Acks
{
    private Acks(int peers) => PeerCount = peers;

    /// <summary>The most peers that can be asked for.</summary>
    public const int PeersMax = 1024;

    /// <summary>This node's disk.</summary>
    public static Acks Local => default;

    /// <summary>Peers beside this node; 0 is <see cref="Local"/>.</summary>
    public int PeerCount { get; }

    /// <summary>This node's disk, and those of so many other identities.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 1,024.</exception>
    public static Acks Peers(int count) => count is >= 1 and <= PeersMax
        ? new(count)
        : throw new ArgumentOutOfRangeException(
            nameof(count), count, $"Acks.Peers takes 1 to {PeersMax} peers.");

    public override string ToString() => PeerCount == 0 ? "local" : $"peers({PeerCount})";
}

/// <summary>
/// Fewer peers than asked for hold the entry at the deadline: code acks-missing. It is published,
/// durable here, and goes on travelling; do not publish it again without a key.
/// </summary>
public sealed class AcknowledgementException(ImmutableArray<Receipt> receipts, int asked)
    : GossipException(
        "acks-missing",
        $"Published and durable here, but {receipts[0].Holders.Length} of {asked} peers are known "
        + $"to hold it: {string.Join(", ", receipts[0].Holders.Select(h => h.Tail))}. It goes on "
        + "travelling: look again later, or publish with a key when you retry.")
{
    /// <summary>Where it lies, and who holds it.</summary>
    public ImmutableArray<Receipt> Receipts => receipts;
}
