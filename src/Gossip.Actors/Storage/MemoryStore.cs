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
    private readonly SortedDictionary<TopicId, MemoryTopic> _topics = [];
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
                    _topics[id].Commit(first);
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
                Advance(held, topic.Name, generation);
                return held.Load();
            },
            stop);

    public Task CommitAsync(Batch batch, long generation, CancellationToken stop) => Do(
        () =>
        {
            var held = Topic(batch.Topic, batch.Topic);
            Advance(held, batch.Topic, generation);
            held.Commit(batch);
            return true;
        },
        stop);

    public Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop) => Do(
        ImmutableArray<Entry> () =>
            [.. Page(Held(topic)?.Read(log, slots), e => e.Size, entriesMax, bytesMax)],
        stop);

    public Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop) => Do(
        ImmutableArray<SignedHeader> () =>
        [
            .. Page(Held(topic)?.Read(log, slots), _ => 0, max, int.MaxValue)
                .Select(e => e.SignedHeader),
        ],
        stop);

    public Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop) => Do(
        ImmutableArray<DeliveredEntry> () =>
            [.. Page(Held(topic)?.ReadDelivered(after), d => d.Entry.Size, entriesMax, bytesMax)],
        stop);

    public Task<Entry?> FindAsync(EntryId id, CancellationToken stop) => Do(
        () => _topics.Values.Select(t => t.Find(id)).FirstOrDefault(e => e is not null), stop);

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

    /// <summary>For a store that makes durable, elsewhere, what this one serves.</summary>
    internal T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    /// <summary>Serves from now on what another store has built up; replaces an earlier one.
    /// </summary>
    internal void Adopt(TopicRef topic, MemoryTopic held)
    {
        lock (_gate)
        {
            (_names[topic.Name.Value], _topics[topic.Id]) = (topic.Id, held);
        }
    }

    /// <summary>All of them, as another store found them.</summary>
    internal void ReplaceExclusions(IEnumerable<Exclusion> exclusions)
    {
        lock (_gate)
        {
            _exclusions.Clear();
            foreach (var exclusion in exclusions)
            {
                _exclusions.Add((exclusion.Did, exclusion.Kind), exclusion);
            }
        }
    }

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

    private static IEnumerable<T> Page<T>(
        IEnumerable<T>? all, Func<T, int> sizeOf, int entriesMax, int bytesMax)
    {
        long bytes = 0;
        var count = 0;
        foreach (var item in all ?? [])
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

    internal static void Advance(MemoryTopic held, object topic, long generation)
    {
        if (generation < held.Generation)
        {
            throw CommitRules.Superseded(topic, generation, held.Generation);
        }

        held.Generation = generation;
    }

    private MemoryTopic? Held(TopicId topic) => _topics.GetValueOrDefault(topic);

    private MemoryTopic Topic(TopicId id, object name) =>
        Held(id) ?? throw CommitRules.TopicUnknown(name);
}
