using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>This part: what the node remembers for itself, and every read.</summary>
public sealed partial class JournalStore
{
    public Task WriteReaderAsync(TopicId topic, ReaderRecord reader, CancellationToken stop)
    {
        var fact = FactFormat.Of(reader);
        var kept = FactFormat.Read(fact.Reader);
        return WriteReaderAsync(topic, fact, readers => readers.Write(kept), stop);
    }

    public Task RemoveReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) => WriteReaderAsync(
        topic, FactFormat.Gone(kind, name), readers => readers.Remove(kind, name), stop);

    public Task WriteExclusionAsync(Exclusion exclusion, CancellationToken stop) => WriteAsync(
        _node,
        FactFormat.Of(exclusion),
        () => _memory.WriteExclusionAsync(exclusion, CancellationToken.None),
        stop);

    public Task RemoveExclusionAsync(Did did, ExclusionKind kind, CancellationToken stop) =>
        WriteAsync(
            _node,
            FactFormat.Gone(did, kind),
            () => _memory.RemoveExclusionAsync(did, kind, CancellationToken.None),
            stop);

    public Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop) =>
        _memory.TopicsAsync(stop);

    public Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop) =>
        _memory.ReadAsync(topic, log, slots, entriesMax, bytesMax, stop);

    public Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop) =>
        _memory.ReadHeadersAsync(topic, log, slots, max, stop);

    public Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop) =>
        _memory.ReadDeliveredAsync(topic, after, entriesMax, bytesMax, stop);

    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) =>
        _memory.FindAsync(id, stop);

    public Task<Publication?> FindKeyAsync(
        TopicId topic, PublishKey key, CancellationToken stop) =>
        _memory.FindKeyAsync(topic, key, stop);

    public Task<long> CountAsync(
        TopicId topic, LogId log, SeqRange slots, CancellationToken stop) =>
        _memory.CountAsync(topic, log, slots, stop);

    public Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop) =>
        _memory.StatisticsAsync(topic, stop);

    public Task<ImmutableArray<ReaderRecord>> ReadersAsync(
        TopicId topic, ReaderKind kind, CancellationToken stop) =>
        _memory.ReadersAsync(topic, kind, stop);

    public Task<ReaderRecord?> FindReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) =>
        _memory.FindReaderAsync(topic, kind, name, stop);

    public Task<long> TakenBackAsync(TopicId topic, CancellationToken stop) =>
        _memory.TakenBackAsync(topic, stop);

    public Task<ImmutableArray<Exclusion>> ExclusionsAsync(CancellationToken stop) =>
        _memory.ExclusionsAsync(stop);

    private Task WriteReaderAsync(
        TopicId topic, Proto.Fact fact, Action<MemoryReaders> apply, CancellationToken stop) =>
        Find(topic) is { } held
            ? WriteAsync(
                held.ReaderFacts,
                fact,
                () => _memory.Locked(() =>
                {
                    apply(held.Readers);
                    return true;
                }),
                stop)
            : Task.FromException(CommitRules.TopicUnknown(topic));

    private static async Task WriteAsync(
        Line line, Proto.Fact fact, Action apply, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await line.OpenAsync().ConfigureAwait(false);
        await line.Send(new FactCall(fact, apply)).ConfigureAwait(false);
    }
}
