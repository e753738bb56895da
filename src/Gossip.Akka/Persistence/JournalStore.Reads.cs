using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// This part: what is committed. Which entries an answer holds is seen at one moment, under the
/// topic's lock; their bytes are fetched after it, and cannot change but by an erasure.
/// </summary>
public sealed partial class JournalStore
{
    /// <summary>How much of the entries is in memory; the rest is only in the journal.</summary>
    internal long RecentBytes => _recent.Bytes;

    private IEnumerable<HeldTopic> Carried => _topics.Values.Where(t => t.IsCarried);

    public Task<ImmutableArray<TopicRef>> TopicsAsync(CancellationToken stop) =>
        stop.IsCancellationRequested
            ? Task.FromCanceled<ImmutableArray<TopicRef>>(stop)
            : Task.FromResult<ImmutableArray<TopicRef>>(
            [
                .. Carried.Select(t => t.Topic)
                    .OrderBy(t => t.Name.Value, StringComparer.Ordinal),
            ]);

    public async Task<ImmutableArray<Entry>> ReadAsync(
        TopicId topic, LogId log, SeqRange slots, int entriesMax, int bytesMax,
        CancellationToken stop)
    {
        var page = await Read(
            topic,
            held => MemoryStore.Page(held.Read(log, slots), s => s.Size, entriesMax, bytesMax)
                .ToList(),
            [],
            stop).ConfigureAwait(false);
        return await WithBytesAsync(topic, page, s => s, (_, entry) => entry, stop)
            .ConfigureAwait(false);
    }

    public async Task<ImmutableArray<SignedHeader>> ReadHeadersAsync(
        TopicId topic, LogId log, SeqRange slots, int max, CancellationToken stop)
    {
        var page = await Read(
            topic, held => held.Read(log, slots).Take(max).ToList(), [], stop)
            .ConfigureAwait(false);
        return await WithBytesAsync(topic, page, s => s, (_, entry) => entry.SignedHeader, stop)
            .ConfigureAwait(false);
    }

    public async Task<ImmutableArray<DeliveredEntry>> ReadDeliveredAsync(
        TopicId topic, long after, int entriesMax, int bytesMax, CancellationToken stop)
    {
        var page = await Read(
            topic,
            held => MemoryStore
                .Page(held.ReadDelivered(after), d => d.Held.Size, entriesMax, bytesMax)
                .ToList(),
            [],
            stop).ConfigureAwait(false);
        return await WithBytesAsync(
            topic,
            page,
            d => d.Held,
            (d, entry) => new DeliveredEntry(d.Position, entry) { IsLate = d.IsLate },
            stop).ConfigureAwait(false);
    }

    public async Task<Entry?> FindAsync(EntryId id, CancellationToken stop)
    {
        foreach (var topic in Carried.Select(t => t.Topic.Id))
        {
            var slot = await Read(
                topic, held => held.TryFind(id, out var slot) ? slot : null, null, stop)
                .ConfigureAwait(false);
            if (slot is not null)
            {
                return (await WithBytesAsync(topic, [slot], s => s, (_, entry) => entry, stop)
                    .ConfigureAwait(false)).FirstOrDefault();
            }
        }

        return null;
    }

    public Task<Publication?> FindKeyAsync(
        TopicId topic, PublishKey key, CancellationToken stop) =>
        Read(topic, held => held.Find(key), null, stop);

    public Task<long> CountAsync(
        TopicId topic, LogId log, SeqRange slots, CancellationToken stop) =>
        Read(topic, held => held.Read(log, slots).LongCount(), 0, stop);

    public Task<ImmutableArray<Segment>> SurveyAsync(TopicId topic, CancellationToken stop) =>
        Read(topic, ImmutableArray<Segment> (held) => [.. held.Survey()], [], stop);

    public Task<StoreStatistics> StatisticsAsync(TopicId topic, CancellationToken stop) =>
        Read(topic, held => held.Count(), LogTally.Sum([]), stop);

    public Task<long> TakenBackAsync(TopicId topic, CancellationToken stop) =>
        Read(topic, held => held.TakenBack, 0, stop);

    /// <summary>From memory, at one moment; of a topic that is not carried, nothing.</summary>
    private Task<T> Read<T>(
        TopicId topic, Func<MemoryTopic<Slot>, T> read, T nothing, CancellationToken stop) =>
        stop.IsCancellationRequested ? Task.FromCanceled<T>(stop)
        : Find(topic) is { IsCarried: true } held ? Task.FromResult(held.Locked(read))
        : Task.FromResult(nothing);

    /// <summary>In the order of the page, without what was forgotten meanwhile.</summary>
    private async Task<ImmutableArray<TResult>> WithBytesAsync<T, TResult>(
        TopicId topic,
        List<T> page,
        Func<T, Slot> slotOf,
        Func<T, Entry, TResult> make,
        CancellationToken stop)
    {
        if (page.Count == 0)
        {
            return [];
        }

        var entries = await _reads
            .ReadAsync(_topics[topic].Journal, [.. page.Select(slotOf)], stop)
            .ConfigureAwait(false);
        return
        [
            .. page.Where(item => entries.ContainsKey(slotOf(item).Id))
                .Select(item => make(item, entries[slotOf(item).Id])),
        ];
    }
}
