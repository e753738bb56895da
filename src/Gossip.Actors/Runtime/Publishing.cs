using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How does a publish get its answer? It waits for room, for the commit, and for peers if asked to.
/// </summary>
internal sealed class Publishing(
    Supervisor supervisor, Audience audience, GossipOptions options, TimeProvider time)
{
    // Never disposed: whoever waits for room when the node stops must still be told so.
    private readonly SemaphoreSlim _room = new(options.Sizes.PublishesMax);
    private readonly SemaphoreSlim _holding = new(options.Sizes.PublishesMax);
    private volatile GossipException? _closed;

    /// <summary>Publish calls that wait for their commit.</summary>
    public int Waiting => options.Sizes.PublishesMax - _room.CurrentCount;

    /// <summary>Nothing new is taken.</summary>
    public void Close() => Close(Reasons.Stopped);

    public void Close(GossipException reason) => _closed = reason;

    /// <summary>Each published payload passes here: without waiting, nothing is set up.</summary>
    public Task<ImmutableArray<Receipt>> PublishAsync(
        TopicId topic,
        ImmutableArray<Payload> payloads,
        PublishOptions how,
        CancellationToken stop)
    {
        ThrowIfClosed();
        var committed = _room.Wait(0, CancellationToken.None)
            ? CommitAsync(topic, payloads, how.Key, stop)
            : CommitLaterAsync(topic, payloads, how.Key, stop);
        return how.Acks.PeerCount == 0 ? committed : HoldAsync(topic, committed, how, stop);
    }

    /// <summary>A change of the topic's policy; durable when it completes.</summary>
    public async Task GovernAsync(TopicId topic, PolicyWish wish, CancellationToken stop)
    {
        ThrowIfClosed();
        await _room.WaitAsync(stop).ConfigureAwait(false);
        await AskAsync(topic, call => new Signal.Govern(topic, call, wish), stop)
            .ConfigureAwait(false);
    }

    /// <summary>Takes back what an entry carries; durable here when it completes.</summary>
    public async Task EraseAsync(TopicId topic, Entry entry, CancellationToken stop)
    {
        ThrowIfClosed();
        await _room.WaitAsync(stop).ConfigureAwait(false);
        await AskAsync(topic, call => new Signal.Erase(topic, call, entry.Dot, entry.Id), stop)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Ends what this node writes in a topic, in favour of another key; goes on when nothing else
    /// does any more. The receipts name the ends.
    /// </summary>
    public async Task<ImmutableArray<Receipt>> RotateAsync(TopicId topic, IKeys successor)
    {
        await _room.WaitAsync().ConfigureAwait(false);
        var (call, answer) = audience.Calls.Publish(topic, _room);
        supervisor.Tell(new Signal.Rotate(topic, call, successor));
        return await answer.ConfigureAwait(false);
    }

    /// <exception cref="GossipException">stopped, key-rotated.</exception>
    public void ThrowIfClosed()
    {
        if (_closed is { } reason)
        {
            throw reason;
        }
    }

    private async Task<ImmutableArray<Receipt>> HoldAsync(
        TopicId topic,
        Task<ImmutableArray<Receipt>> committed,
        PublishOptions how,
        CancellationToken stop)
    {
        var receipts = await committed.ConfigureAwait(false);
        var peers = how.Acks.PeerCount;
        var timeout = how.AcksTimeout ?? options.Times.AcksTimeout;
        await _holding.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var holders = await audience.Holders
                .WaitAsync(topic, receipts[0].Dot, peers, timeout, time, stop)
                .ConfigureAwait(false);
            receipts = [.. receipts.Select(r => r with { Holders = holders })];
            return holders.Length >= peers
                ? receipts
                : throw new AcknowledgementException(receipts, peers);
        }
        finally
        {
            _holding.Release();
        }
    }

    private async Task<ImmutableArray<Receipt>> CommitLaterAsync(
        TopicId topic, ImmutableArray<Payload> payloads, PublishKey? key, CancellationToken stop)
    {
        audience.Board.Exceed(LimitKind.Publishes, 1);
        await _room.WaitAsync(stop).ConfigureAwait(false);
        return await CommitAsync(topic, payloads, key, stop).ConfigureAwait(false);
    }

    private Task<ImmutableArray<Receipt>> CommitAsync(
        TopicId topic, ImmutableArray<Payload> payloads, PublishKey? key, CancellationToken stop) =>
        AskAsync(topic, call => new Signal.Publish(topic, call, payloads, key), stop);

    /// <summary>With room taken, which the answer gives back.</summary>
    private Task<ImmutableArray<Receipt>> AskAsync(
        TopicId topic, Func<CallId, Signal.Called> ask, CancellationToken stop)
    {
        var (call, answer) = audience.Calls.Publish(topic, _room);
        if (_closed is { } reason)
        {
            audience.Calls.Fail(call, reason);
            return answer;
        }

        var told = supervisor.TellAsync(ask(call), stop);
        return told.IsCompleted ? answer.WaitAsync(stop) : AnswerAsync(told, answer, stop);
    }

    private static async Task<ImmutableArray<Receipt>> AnswerAsync(
        Task told, Task<ImmutableArray<Receipt>> answer, CancellationToken stop)
    {
        await told.ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        return await answer.WaitAsync(stop).ConfigureAwait(false);
    }
}
