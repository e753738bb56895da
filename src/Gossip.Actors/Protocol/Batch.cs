using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Everything the store keeps about one log besides its entries, as it stands after a commit.
/// Head and delivered ids spare a restart from reading the log.
/// </summary>
public sealed record LogRecord
{
    public required LogId Log { get; init; }

    /// <summary>The lowest slot that is kept; the store forgets what lies below.</summary>
    public long Floor { get; init; } = 1;

    /// <summary>
    /// The highest floor there ever was: a closure may lower the floor and bring back what lies
    /// below, which was delivered once and is not again.
    /// </summary>
    public long FloorMax { get; init; } = 1;

    /// <summary>Slots above the floor, and below something held, that nobody could serve.
    /// </summary>
    public IntervalSet Lost { get; init; } = IntervalSet.Empty;

    /// <summary>The contiguous head.</summary>
    public long Head { get; init; }

    public EntryId HeadId { get; init; }

    /// <summary>Delivered, in causal order, up to here.</summary>
    public long Delivered { get; init; }

    public EntryId DeliveredId { get; init; }

    public Closure? Closure { get; init; }

    /// <summary>The first slot that the policy takes away; beyond every slot, if none.</summary>
    public long PolicyEnd { get; init; } = long.MaxValue;

    /// <summary>
    /// The slots beside what is lost and not above the head: what is held there must fit whatever
    /// turns up.
    /// </summary>
    public IEnumerable<long> Edges => Lost
        .SelectMany(r => new[] { r.First - 1, r.Last + 1 })
        .Where(seq => seq >= Floor && seq <= Head)
        .Distinct();

    /// <summary>The first slot that does not count; null while the log is open.</summary>
    public long? ClosedAt => Closure is null && PolicyEnd == long.MaxValue
        ? null
        : Math.Min(PolicyEnd, Closure?.Slot ?? long.MaxValue);
}

/// <summary>
/// An entry's place in this node's recorded order of delivery; 1, 2, 3 … per topic.
/// </summary>
public readonly record struct Placement(Dot Dot, long Position)
{
    /// <summary>It turned up after the log had gone on without it.</summary>
    public bool IsLate { get; init; }
}

/// <summary>
/// One transaction of one topic: all of it, or none. An own entry's number, its bytes and the
/// holdings change together, before any acknowledgement and before the first byte to a peer.
/// </summary>
public sealed record Batch
{
    public required TopicId Topic { get; init; }

    /// <summary>Counts a topic's commits since its machine was made; answers carry it.</summary>
    public required long Number { get; init; }

    /// <summary>When its entries arrived, by this node's clock, in Unix milliseconds.</summary>
    public long Arrived { get; init; }

    public ImmutableArray<Entry> Entries { get; init; } = [];

    /// <summary>Absolute: replaces what was stored of these logs.</summary>
    public ImmutableArray<LogRecord> Logs { get; init; } = [];

    public ImmutableArray<Placement> Placements { get; init; } = [];

    /// <summary>The keys that entries of this batch were published under.</summary>
    public ImmutableArray<KeyRecord> Keys { get; init; } = [];

    /// <summary>
    /// Entries of policy logs, also those past the end of their log: a topic's machine starts from
    /// all that were ever held.
    /// </summary>
    public ImmutableArray<Entry> Policies { get; init; } = [];

    /// <summary>Statements about entries, held or not: a topic's machine starts from them.
    /// </summary>
    public ImmutableArray<Erasure> Erasures { get; init; } = [];

    /// <summary>
    /// Payloads to be replaced, where such an entry is held, by this statement's form; unless a
    /// lower form stands there already. No byte of the payloads may be left in the store.
    /// </summary>
    public ImmutableArray<Erasure> Erased { get; init; } = [];

    /// <summary>The incarnation this node authors under from now on; null leaves it.</summary>
    public ulong? OwnIncarnation { get; init; }
}

/// <summary>
/// An entry held above a gap, or beside a lost slot: as much of it as the machine needs to know.
/// </summary>
public readonly record struct Island(Dot Dot, EntryId Id, EntryId Prev);

/// <summary>What a topic's machine starts from: the store alone.</summary>
public sealed record TopicRecord
{
    public required TopicId Topic { get; init; }

    public required TopicName Name { get; init; }

    /// <summary>
    /// Null before the first own entry, and after the store was copied or restored.
    /// </summary>
    public ulong? OwnIncarnation { get; init; }

    /// <summary>The last position given out.</summary>
    public long Position { get; init; }

    public ImmutableArray<LogRecord> Logs { get; init; } = [];

    public ImmutableArray<Island> Islands { get; init; } = [];

    /// <summary>Every entry of a policy log that was ever held.</summary>
    public ImmutableArray<Entry> Policies { get; init; } = [];

    /// <summary>Every statement that was ever kept.</summary>
    public ImmutableArray<Erasure> Erasures { get; init; } = [];
}
