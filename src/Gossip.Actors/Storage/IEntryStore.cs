using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What is durably held? One node's topics, logs and entries. A write is durable when its task
/// completes, and never partly. Reads may run beside the writer and see committed data only.
/// All members may be called from any thread. Every implementation passes StoreContract.
/// </summary>
public interface IEntryStore : IReaderStore, IExclusionStore, IAsyncDisposable
{
    /// <summary>
    /// For people: what this is and where, for example its file and library version.
    /// </summary>
    string Description { get; }

    /// <summary>Null while writes can succeed; otherwise what is wrong and what to do.</summary>
    string? Fault { get; }

    /// <summary>The topics this node carries, by name order.</summary>
    Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop);

    /// <summary>
    /// Carries a topic from now on; nothing changes when it already does. A topic that this node
    /// makes is stored with its first entry, or not at all.
    /// </summary>
    /// <exception cref="StoreException">Named: another topic is called so here.</exception>
    Task JoinAsync(TopicRef topic, Batch? first, CancellationToken stop);

    /// <summary>
    /// Reads what a topic's machine starts from, after every earlier commit has ended, and refuses
    /// commits of lower generations from then on. Time follows the number of logs and islands,
    /// not of entries.
    /// </summary>
    Task<TopicRecord> LoadAsync(TopicRef topic, long generation, CancellationToken stop);

    /// <summary>
    /// All of the batch, or none. What waits at the same time shares one commit.
    /// </summary>
    /// <exception cref="StoreException">Rolled back, or the outcome is unknown.</exception>
    Task CommitAsync(Batch batch, long generation, CancellationToken stop);

    /// <summary>
    /// Entries of one log in these slots in seq order, at most this many and, after the first,
    /// this many bytes. Slots that are not held are passed over.
    /// </summary>
    Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop);

    /// <summary>As <see cref="ReadAsync"/>, headers only.</summary>
    Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop);

    /// <summary>
    /// Entries in this node's order of delivery, after this position; at most this many and,
    /// after the first, this many bytes. Entries past a closure are left out.
    /// </summary>
    Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop);

    /// <summary>An entry by its id, delivered or not; null when it is not held.</summary>
    Task<Entry?> FindAsync(EntryId id, CancellationToken stop);

    /// <summary>
    /// Where a publish under this key lies, as committed with its batch; null when it was never.
    /// </summary>
    Task<Publication?> FindKeyAsync(TopicId topic, PublishKey key, CancellationToken stop);

    /// <summary>How many entries of one log lie in these slots, disputed or not.</summary>
    Task<long> CountAsync(TopicId topic, LogId log, SeqRange slots, CancellationToken stop);

    /// <summary>How much is stored of each part of the topic that is forgotten together.</summary>
    Task<ImmutableArray<Segment>> SurveyAsync(TopicId topic, CancellationToken stop);

    Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop);
}

/// <summary>An entry at its place in this node's order of delivery.</summary>
public sealed record DeliveredEntry(long Position, Entry Entry)
{
    /// <summary>What its author published with it; decoded at each call.</summary>
    public ImmutableArray<Payload> Payloads => Entry.Payloads;

    /// <summary>Its payloads were taken back: there are none any more.</summary>
    public bool IsErased => Entry.IsErased;

    /// <summary>
    /// It turned up after its log had been delivered past it, when nobody could serve it.
    /// </summary>
    public bool IsLate { get; init; }
}

/// <summary>
/// Undisputed entries only; times are the authors', in Unix milliseconds, 0 for none.
/// </summary>
public sealed record StoreStatistics(
    long Entries, long Payloads, long Bytes, int Logs, long Oldest, long Newest);

/// <summary>Why a store could not do what it was asked.</summary>
public enum StoreFault
{
    Locked,
    ReadOnly,
    Full,
    Corrupt,
    Newer,
    Io,

    /// <summary>An older generation asked: its machine is gone.</summary>
    Superseded,
    Closed,

    /// <summary>Another topic has this name here.</summary>
    Named,
}

/// <summary>
/// A store could not read or write; the message says what, where and what to do. Nothing of the
/// batch is durable, unless <paramref name="outcomeUnknown"/>: then only a fresh load can tell.
/// </summary>
public sealed class StoreException(
    StoreFault fault, string message, bool outcomeUnknown = false, Exception? inner = null)
    : IOException(message, inner)
{
    public StoreFault Fault => fault;

    public bool OutcomeUnknown => outcomeUnknown;
}
