using System.Collections.Immutable;
using Gossip.Actors.Diagnostics;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What a topic actor's own code threw: on which entry, or null while it was made.
/// </summary>
internal sealed class TopicActorFault(long? position, Exception inner)
    : Exception(inner.Message, inner)
{
    public long? Position => position;
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
                stop.ThrowIfCancellationRequested();
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
                    stop.ThrowIfCancellationRequested();
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
        await GuardAsync(null, MakeAsync, stop).ConfigureAwait(false);
        var position = 0L;
        if (snapshot is not null && !TryRestore(snapshot.Value))
        {
            await GuardAsync(null, MakeAsync, stop).ConfigureAwait(false);
        }
        else if (snapshot is not null)
        {
            position = _record.Position;
        }

        _record = _record with { TakenBack = takenBack, Position = position, Snapshot = null };
        Interlocked.Exchange(ref _position, position);
    }

    private Task MakeAsync()
    {
        _actor = registration.Create();
        _actor.Bind(registration.Topic, Check);
        return Task.CompletedTask;
    }

    private bool TryRestore(ReadOnlyMemory<byte> snapshot)
    {
        try
        {
            _actor.Restore(snapshot);
            return true;
        }
#pragma warning disable CA1031 // Not swallowed: a snapshot only spares a replay.
        catch (Exception e)
#pragma warning restore CA1031
        {
            node.Logger.SnapshotFailed(registration.Name, e.Message);
            return false;
        }
    }

    private async Task TakeAsync(DeliveredEntry delivered, CancellationToken stop)
    {
        if (!_record.Skipped.Contains(delivered.Position))
        {
            _isAtRest = false;
            ImmutableArray<(TopicName Topic, ImmutableArray<Payload> Payloads)> published = [];
            await GuardAsync(
                delivered.Position,
                async () => published = await _actor.TakeAsync(delivered, stop)
                    .ConfigureAwait(false),
                stop).ConfigureAwait(false);
            var key = new PublishKey($"actor/{registration.Name}/{delivered.Entry.Id}");
            foreach (var (to, payloads) in published)
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

            await TellAsync(closure, stop).ConfigureAwait(false);
        }

        return false;
    }

    private async Task TellAsync(Closure closure, CancellationToken stop)
    {
        try
        {
            await _actor.OnClosedAsync(closure, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // It is told, no more: there is no entry to try again or to skip.
        catch (Exception e)
#pragma warning restore CA1031
        {
            node.Logger.ClosureRefused(registration.Name, closure.Slot, e);
        }
    }

    /// <summary>
    /// Remembers the state, where the actor can say it. What fails here costs a longer replay.
    /// </summary>
    private async Task SaveAsync(CancellationToken stop)
    {
        if (Position == _record.Position)
        {
            return;
        }

        _record = _record with { Position = Position };
        try
        {
            var snapshot = _actor.Snapshot();
            var most = node.Options.Sizes.ActorSnapshotBytesMax;
            if (snapshot?.Length > most)
            {
                node.Logger.SnapshotFailed(
                    registration.Name,
                    $"{snapshot.Value.Length} bytes, at most {most} (actor-snapshot-bytes-max)");
            }
            else if (snapshot is { IsEmpty: false })
            {
                // (A null array becomes empty memory, not null: that is nothing to remember.)
                await node.Store
                    .WriteReaderAsync(topic, _record with { Snapshot = snapshot }, stop)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Not swallowed: a snapshot only spares a replay.
        catch (Exception e)
#pragma warning restore CA1031
        {
            node.Logger.SnapshotFailed(registration.Name, e.Message);
        }
    }

    private void Check(TopicName to, ImmutableArray<Payload> payloads)
    {
        PublishRules.Check(to);
        node.Topics.IdOf(to);
        PublishRules.Check(payloads, node.Options.Sizes);
    }

    /// <summary>The actor's own code: whatever it throws is its fault, at this position.</summary>
    private static async Task GuardAsync(long? position, Func<Task> call, CancellationToken stop)
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
            throw new TopicActorFault(position, e);
        }
    }
}
