using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>This part: what the node remembers for itself.</summary>
public sealed partial class JournalStore
{
    /// <summary>Changed by one actor, read by anybody.</summary>
    private volatile ImmutableSortedDictionary<(Did Did, ExclusionKind Kind), Exclusion>
        _exclusions = ImmutableSortedDictionary<(Did Did, ExclusionKind Kind), Exclusion>.Empty;

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
        () => _exclusions = _exclusions.SetItem((exclusion.Did, exclusion.Kind), exclusion),
        stop);

    public Task RemoveExclusionAsync(Did did, ExclusionKind kind, CancellationToken stop) =>
        WriteAsync(
            _node,
            FactFormat.Gone(did, kind),
            () => _exclusions = _exclusions.Remove((did, kind)),
            stop);

    public Task<ImmutableArray<Exclusion>> ExclusionsAsync(CancellationToken stop) =>
        stop.IsCancellationRequested
            ? Task.FromCanceled<ImmutableArray<Exclusion>>(stop)
            : Task.FromResult<ImmutableArray<Exclusion>>([.. _exclusions.Values]);

    public Task<ImmutableArray<ReaderRecord>> ReadersAsync(
        TopicId topic, ReaderKind kind, CancellationToken stop) => Read(
        topic, ImmutableArray<ReaderRecord> (held) => [.. held.Readers.Of(kind)], [], stop);

    public Task<ReaderRecord?> FindReaderAsync(
        TopicId topic, ReaderKind kind, string name, CancellationToken stop) => Read(
        topic, held => held.Readers.Of(kind).FirstOrDefault(r => r.Name == name), null, stop);

    private Task WriteReaderAsync(
        TopicId topic, Proto.Fact fact, Action<MemoryReaders> apply, CancellationToken stop) =>
        Find(topic) is { } held
            ? WriteAsync(
                held.ReaderFacts,
                fact,
                () => held.Locked(_ =>
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
