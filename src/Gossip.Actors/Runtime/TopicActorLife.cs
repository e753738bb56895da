using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What a topic actor's own code threw: on the entry at a position, or outside of any (constructor,
/// snapshot, closure), having reached it. Only an entry can be skipped.
/// </summary>
internal sealed class TopicActorFault(long position, bool isEntry, Exception inner)
    : Exception(inner.Message, inner)
{
    public long Position => position;

    public bool IsEntry => isEntry;

    public bool IsLike(TopicActorFault? other) =>
        other?.Position == position && other.IsEntry == isEntry;
}

/// <summary>
/// One instance of a topic actor: from its snapshot, or from the first entry, until it throws, the
/// node stops, or entries that it was given are taken back.
/// </summary>
internal sealed class TopicActorLife(
    TopicActorRegistration registration, TopicId topic, ReaderRecord record, RunningNode node)
{
    private const int PageEntries = 256;
    private const int PageBytes = 1024 * 1024;

    private readonly Dictionary<LogId, long> _closed = [];
    private TopicActor _actor = null!;
    private ReaderRecord _record = record;
    private long _position;
    private bool _isAtRest;

    /// <summary>The last position that it has dealt with.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Ends when entries were taken back: the next life replays without them.</summary>
    /// <exception cref="TopicActorFault">The actor's own code threw.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await BeginAsync(stop).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var moved = node.Audience.Positions.NextMove(topic);
                _isAtRest = true;
                if (await TellClosuresAsync(stop).ConfigureAwait(false))
                {
                    return;
                }

                var page = await node
                    .AskAsync(store => store.ReadDeliveredAsync(
                        topic, Position, PageEntries, PageBytes, stop))
                    .ConfigureAwait(false);
                foreach (var delivered in page)
                {
                    await TakeAsync(delivered, stop).ConfigureAwait(false);
                }

                if (page.IsEmpty)
                {
                    await moved.WaitAsync(stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && _isAtRest)
        {
            await SaveAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        var takenBack = await node.AskAsync(store => store.TakenBackAsync(topic, stop))
            .ConfigureAwait(false);
        var snapshot = _record.TakenBack == takenBack ? _record.Snapshot : null;
        var position = snapshot is null ? 0 : _record.Position;
        _record = _record with { TakenBack = takenBack, Position = position };
        await GuardAsync(_record.Position, () =>
        {
            _actor = registration.Create();
            _actor.Bind(registration.Topic, Check);
            if (snapshot is { } state)
            {
                _actor.Restore(state);
            }

            return Task.CompletedTask;
        }, stop).ConfigureAwait(false);
        Interlocked.Exchange(ref _position, position);
    }

    private async Task TakeAsync(DeliveredEntry delivered, CancellationToken stop)
    {
        if (!_record.Skipped.Contains(delivered.Position))
        {
            _isAtRest = false;
            await GuardAsync(
                delivered.Position, () => _actor.OnEntryAsync(delivered, stop), stop, isEntry: true)
                .ConfigureAwait(false);
            var key = new PublishKey($"actor/{registration.Name}/{delivered.Entry.Id}");
            foreach (var (to, payloads) in _actor.TakePublished())
            {
                await PublishAsync(to, payloads, key, stop).ConfigureAwait(false);
            }
        }

        Interlocked.Exchange(ref _position, delivered.Position);
        _isAtRest = true;
        if (Position - _record.Position >= node.Options.Sizes.ActorSnapshotEvery)
        {
            await SaveAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The key makes it safe to try for ever: what is refused now is a full disk, not the actor.
    /// </summary>
    private async Task PublishAsync(
        TopicName to, ImmutableArray<Payload> payloads, PublishKey key, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await node.Publishing
                    .PublishAsync(node.Topics.IdOf(to), payloads, new() { Key = key }, stop)
                    .ConfigureAwait(false);
                return;
            }
            catch (GossipException e) when (e.Code != Reasons.Stopped.Code)
            {
                await Task.Delay(node.Options.Times.ActorRetry, node.Time, stop)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>True when something that it was given does not count any more.</summary>
    private async Task<bool> TellClosuresAsync(CancellationToken stop)
    {
        foreach (var closure in node.Audience.Board.DeliveryOf(topic)?.Closures ?? [])
        {
            var log = closure.Proof.First.Header.Log;
            if (_closed.TryGetValue(log, out var slot) && slot == closure.Slot)
            {
                continue;
            }

            _closed[log] = closure.Slot;
            var takenBack = await node.AskAsync(store => store.TakenBackAsync(topic, stop))
                .ConfigureAwait(false);
            if (takenBack != _record.TakenBack)
            {
                return true;
            }

            await GuardAsync(Position, () => _actor.OnClosedAsync(closure, stop), stop)
                .ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>
    /// Remembers the state, where the actor can say it. A store that refuses costs a longer replay.
    /// </summary>
    private async Task SaveAsync(CancellationToken stop)
    {
        if (Position == _record.Position)
        {
            return;
        }

        _record = _record with { Position = Position, Snapshot = null };
        await GuardAsync(Position, () =>
        {
            _record = _record with { Snapshot = _actor.Snapshot() };
            return _record.Snapshot?.Length > node.Options.Sizes.ActorSnapshotBytesMax
                ? throw TooLarge(_record.Snapshot.Value.Length)
                : Task.CompletedTask;
        }, stop).ConfigureAwait(false);
        try
        {
            // A null array becomes empty memory, not null: nothing said is nothing to remember.
            if (_record.Snapshot is { IsEmpty: false })
            {
                await node.Store.WriteReaderAsync(topic, _record, stop).ConfigureAwait(false);
            }
        }
        catch (StoreException e)
        {
            node.Logger.SnapshotFailed(registration.Name, e.Message);
        }
    }

    private GossipException TooLarge(int bytes) => new(
        "snapshot-too-large",
        $"A snapshot of {bytes} bytes; at most {node.Options.Sizes.ActorSnapshotBytesMax} "
        + "(actor-snapshot-bytes-max).");

    private void Check(TopicName to, ImmutableArray<Payload> payloads)
    {
        node.Topics.IdOf(to);
        PublishRules.Check(payloads, node.Options.Sizes);
    }

    /// <summary>The actor's own code: whatever it throws is its fault, at this position.</summary>
    private static async Task GuardAsync(
        long position, Func<Task> call, CancellationToken stop, bool isEntry = false)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Not swallowed: it ends this life, and the seat decides.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new TopicActorFault(position, isEntry, e);
        }
    }
}
