using System.Collections.Immutable;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors;

/// <summary>
/// What you extend: a class that is given every entry of a topic, once, in causal order, and keeps
/// state. After a crash or a restart a new instance is made and the entries come again, in the
/// order in which this node recorded them, so state is a function of the log. (Two nodes may have
/// recorded concurrent entries in different orders.) One call at a time; what it throws restarts it
/// alone, and three failures on one entry park it there until a person resumes it. Its topic never
/// waits. Where the node forgets (<see cref="GossipRetention"/>), what is replayed begins after
/// what is forgotten, also when a closure makes an actor anew: keep what must outlive it elsewhere,
/// or protect the topic. An entry that turned up late says so.
/// </summary>
public abstract class TopicActor
{
    private readonly Lock _gate = new();
    private List<(TopicName Topic, Payload Payload)>? _published;
    private Action<TopicName, ImmutableArray<Payload>>? _check;
    private TopicName _topic;

    /// <summary>
    /// The next entry. Its payloads are in <c>entry.Payloads</c>. Await what takes long: a thread
    /// that is blocked here is missing in the whole process.
    /// </summary>
    public abstract Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop);

    /// <summary>
    /// A log no longer counts from a slot on. Where that took back entries which this actor was
    /// given, it is made anew and replayed without them; there is nothing to undo here. What it
    /// throws is logged.
    /// </summary>
    public virtual Task OnClosedAsync(Closure closure, CancellationToken stop) =>
        Task.CompletedTask;

    /// <summary>
    /// The state as bytes, so that a restart need not replay everything; null or empty for none.
    /// </summary>
    public virtual ReadOnlyMemory<byte>? Snapshot() => null;

    /// <summary>
    /// Before the first entry, when there is a snapshot: takes the state back. Where it throws (the
    /// format changed), everything is replayed instead.
    /// </summary>
    public virtual void Restore(ReadOnlyMemory<byte> snapshot)
    {
    }

    /// <summary>
    /// Publishes to its own topic, once <see cref="OnEntryAsync"/> has ended well: all payloads of
    /// one entry together, and never twice, however often that entry is replayed.
    /// </summary>
    protected void Publish(Payload payload) => Publish(_topic, payload);

    /// <summary>As above, to another topic that this node carries.</summary>
    /// <exception cref="GossipException">
    /// topic-unknown, payload-too-large, payloads-too-many: it is not published.
    /// </exception>
    /// <exception cref="InvalidOperationException">Called outside OnEntryAsync.</exception>
    protected void Publish(TopicName topic, Payload payload)
    {
        lock (_gate)
        {
            var published = _published ?? throw new InvalidOperationException(
                "A topic actor publishes in OnEntryAsync, before its task ends.");
            _check?.Invoke(topic, [.. PayloadsOf(topic, published), payload]);
            published.Add((topic, payload));
        }
    }

    internal void Bind(TopicName topic, Action<TopicName, ImmutableArray<Payload>> check) =>
        (_topic, _check) = (topic, check);

    /// <summary>Gives it an entry; what that made it publish, by topic.</summary>
    internal async Task<ImmutableArray<(TopicName Topic, ImmutableArray<Payload> Payloads)>>
        TakeAsync(DeliveredEntry entry, CancellationToken stop)
    {
        List<(TopicName Topic, Payload Payload)> published = [];
        lock (_gate)
        {
            _published = published;
        }

        await OnEntryAsync(entry, stop).ConfigureAwait(false);
        lock (_gate)
        {
            _published = null;
        }

        return [.. published.Select(p => p.Topic).Distinct()
            .Select(topic => (topic, PayloadsOf(topic, published)))];
    }

    private static ImmutableArray<Payload> PayloadsOf(
        TopicName topic, List<(TopicName Topic, Payload Payload)> published) =>
        [.. published.Where(p => p.Topic == topic).Select(p => p.Payload)];
}

/// <summary>A topic actor under a name that is unique in its topic.</summary>
public sealed record TopicActorRegistration(
    TopicName Topic, string Name, Func<TopicActor> Create);

/// <summary>What a topic actor is doing.</summary>
public enum TopicActorState
{
    /// <summary>It is given entries as they come.</summary>
    Running,

    /// <summary>It failed, and is made anew in a moment.</summary>
    Restarting,

    /// <summary>It failed three times on one entry; a person decides.</summary>
    Parked,
}

/// <summary>
/// Where a topic actor stands. <paramref name="Lag"/> counts positions it was not given yet;
/// <paramref name="Failures"/> those in a row on the next entry.
/// </summary>
public sealed record TopicActorStatus(
    TopicName Topic,
    string Name,
    TopicActorState State,
    long Position,
    long Lag,
    int Failures,
    long? ParkedAt,
    string? LastError,
    ImmutableArray<long> Skipped);
