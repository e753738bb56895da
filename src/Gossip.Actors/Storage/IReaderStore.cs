using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What do this node's own readers remember? Where named subscriptions and topic actors stand. It
/// is nobody else's business: it never travels. A write is durable when its task completes.
/// </summary>
public interface IReaderStore
{
    /// <summary>The readers of one kind in a topic that this node carries, by name.</summary>
    Task<ImmutableArray<ReaderRecord>> ReadersAsync(
        TopicId topic, ReaderKind kind, CancellationToken stop);

    /// <summary>One of them; null when there is none of this name.</summary>
    Task<ReaderRecord?> FindReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop);

    /// <summary>
    /// How often a log closed before entries of it that were already delivered.
    /// </summary>
    Task<long> TakenBackAsync(TopicId topic, CancellationToken stop);

    /// <summary>Replaces what was kept under this kind and name.</summary>
    Task WriteReaderAsync(TopicId topic, ReaderRecord reader, CancellationToken stop);

    /// <summary>Forgets a reader; nothing changes when there is none.</summary>
    Task RemoveReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop);
}

/// <summary>Who reads?</summary>
public enum ReaderKind
{
    /// <summary>A consumer; its position is what it acknowledged last.</summary>
    Subscription = 1,

    /// <summary>A topic actor; its position is its snapshot's.</summary>
    Actor = 2,
}

/// <summary>
/// Where a reader stands in this node's order of delivery; 0 is before the first entry.
/// </summary>
public sealed record ReaderRecord(ReaderKind Kind, string Name, long Position)
{
    /// <summary>An actor's state at the position; null without one.</summary>
    public ReadOnlyMemory<byte>? Snapshot { get; init; }

    /// <summary>
    /// <see cref="IReaderStore.TakenBackAsync"/> when the snapshot's actor began to read: while it
    /// is still that, the snapshot saw nothing that is disputed now.
    /// </summary>
    public long TakenBack { get; init; }

    /// <summary>Positions that an actor never sees again: a person skipped them.</summary>
    public ImmutableArray<long> Skipped { get; init; } = [];
}
