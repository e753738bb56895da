using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What would a store hold if nothing could be lost? Keeps everything in memory; every task it
/// returns has ended. It outlives the node that uses it: disposing it forgets nothing, so a
/// simulated restart loads from the same object.
/// </summary>
public sealed class MemoryStore : IEntryStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, TopicId> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<TopicId, MemoryTopic<HeldEntry>> _topics = [];
    private readonly SortedDictionary<(Did Did, ExclusionKind Kind), Exclusion> _exclusions = [];

    public string Description => "memory (gone when the process ends)";

    public string? Fault => null;

    public Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop) => Do(
        ImmutableArray<TopicRef> () =>
            [.. _names.Select(t => new TopicRef(t.Value, new TopicName(t.Key)))],
        stop);

    public Task JoinAsync(TopicRef topic, Batch? first, CancellationToken stop) => Do(
        () =>
        {
            var (id, name) = topic;
            if (_names.TryAdd(name.Value, id))
            {
                _topics.Add(id, new(id, name));
                if (first is not null)
                {
                    Commit(_topics[id], first);
                }
            }
            else if (_names[name.Value] != id)
            {
                throw CommitRules.Named(topic);
            }

            return true;
        },
        stop);

    public Task<TopicRecord> LoadAsync(TopicRef topic, long generation, CancellationToken stop) =>
        Do(
            () =>
            {
                var held = Topic(topic.Id, topic.Name);
                held.Advance(generation);
                return held.Load();
            },
            stop);

    public Task CommitAsync(Batch batch, long generation, CancellationToken stop) => Do(
        () =>
        {
            var held = Topic(batch.Topic, batch.Topic);
            held.Advance(generation);
            Commit(held, batch);
            return true;
        },
        stop);

    public Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop) => Do(
        ImmutableArray<Entry> () =>
        [
            .. Page(Held(topic)?.Read(log, slots) ?? [], e => e.Size, entriesMax, bytesMax)
                .Select(e => e.Entry),
        ],
        stop);

    public Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop) => Do(
        ImmutableArray<SignedHeader> () =>
        [
            .. Page(Held(topic)?.Read(log, slots) ?? [], _ => 0, max, int.MaxValue)
                .Select(e => e.Entry.SignedHeader),
        ],
        stop);

    public Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop) => Do(
        ImmutableArray<DeliveredEntry> () =>
        [
            .. Page(
                Held(topic)?.ReadDelivered(after) ?? [], d => d.Held.Size, entriesMax, bytesMax)
                .Select(d => new DeliveredEntry(d.Position, d.Held.Entry) { IsLate = d.IsLate }),
        ],
        stop);

    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) => Do(
        () => _topics.Values
            .Select(t => t.TryFind(id, out var held) ? held.Entry : null)
            .FirstOrDefault(e => e is not null),
        stop);

    public Task<Publication?> FindKeyAsync(
        TopicId topic, PublishKey key, CancellationToken stop) =>
        Do(() => Held(topic)?.Find(key), stop);

    public Task<ImmutableArray<ReaderRecord>> ReadersAsync(
        TopicId topic, ReaderKind kind, CancellationToken stop) => Do(
        ImmutableArray<ReaderRecord> () => [.. Held(topic)?.Readers.Of(kind) ?? []], stop);

    public Task<ReaderRecord?> FindReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) =>
        Do(() => Held(topic)?.Readers.Of(kind).FirstOrDefault(r => r.Name == name), stop);

    public Task<long> TakenBackAsync(TopicId topic, CancellationToken stop) =>
        Do(() => Held(topic)?.TakenBack ?? 0, stop);

    public Task WriteReaderAsync(TopicId topic, ReaderRecord reader, CancellationToken stop) => Do(
        () =>
        {
            Topic(topic, topic).Readers.Write(reader);
            return true;
        },
        stop);

    public Task RemoveReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) => Do(
        () =>
        {
            Topic(topic, topic).Readers.Remove(kind, name);
            return true;
        },
        stop);

    public Task<ImmutableArray<Exclusion>> ExclusionsAsync(CancellationToken stop) =>
        Do(ImmutableArray<Exclusion> () => [.. _exclusions.Values], stop);

    public Task WriteExclusionAsync(Exclusion exclusion, CancellationToken stop) =>
        Do(() => _exclusions[(exclusion.Did, exclusion.Kind)] = exclusion, stop);

    public Task RemoveExclusionAsync(Did did, ExclusionKind kind, CancellationToken stop) =>
        Do(() => _exclusions.Remove((did, kind)), stop);

    public Task<long> CountAsync(
        TopicId topic, LogId log, SeqRange slots, CancellationToken stop) =>
        Do(() => Held(topic)?.Read(log, slots).LongCount() ?? 0, stop);

    public Task<ImmutableArray<Segment>> SurveyAsync(TopicId topic, CancellationToken stop) =>
        Do(
            ImmutableArray<Segment> () =>
                [.. _topics.TryGetValue(topic, out var held) ? held.Survey() : []],
            stop);

    public Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop) =>
        Do(() => Held(topic)?.Count() ?? LogTally.Sum([]), stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Failures travel in the task, as they do from a store that really waits.</summary>
    private Task<T> Do<T>(Func<T> work, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(stop);
        }

        try
        {
            lock (_gate)
            {
                return Task.FromResult(work());
            }
        }
        catch (Exception e) when (e is InvariantException or StoreException)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <summary>The first of these: at most so many and, after the first, so many bytes.</summary>
    internal static IEnumerable<T> Page<T>(
        IEnumerable<T> all, Func<T, int> sizeOf, int entriesMax, int bytesMax)
    {
        long bytes = 0;
        var count = 0;
        foreach (var item in all)
        {
            bytes += sizeOf(item);
            if (count >= entriesMax || (count > 0 && bytes > bytesMax))
            {
                yield break;
            }

            count++;
            yield return item;
        }
    }

    private static void Commit(MemoryTopic<HeldEntry> topic, Batch batch) =>
        topic.Commit(batch, (entry, _) => new(entry));

    private MemoryTopic<HeldEntry>? Held(TopicId topic) => _topics.GetValueOrDefault(topic);

    private MemoryTopic<HeldEntry> Topic(TopicId id, object name) =>
        Held(id) ?? throw CommitRules.TopicUnknown(name);
}
