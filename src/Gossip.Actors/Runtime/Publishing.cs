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
    private volatile bool _isClosed;

    /// <summary>Nothing new is taken.</summary>
    public void Close() => _isClosed = true;

    public async Task<ImmutableArray<Receipt>> PublishAsync(
        TopicId topic,
        ImmutableArray<Payload> payloads,
        PublishOptions how,
        CancellationToken stop)
    {
        var receipts = await CommitAsync(topic, payloads, how.Key, stop).ConfigureAwait(false);
        var peers = how.Acks.PeerCount;
        if (peers == 0)
        {
            return receipts;
        }

        var timeout = how.AcksTimeout ?? options.Times.AcksTimeout;
        var holders = await audience.Holders
            .WaitAsync(topic, receipts[0].Dot, peers, timeout, time, stop)
            .ConfigureAwait(false);
        receipts = [.. receipts.Select(r => r with { Holders = holders })];
        return holders.Length >= peers
            ? receipts
            : throw new AcknowledgementException(receipts, peers);
    }

    private async Task<ImmutableArray<Receipt>> CommitAsync(
        TopicId topic, ImmutableArray<Payload> payloads, PublishKey? key, CancellationToken stop)
    {
        ThrowIfClosed();
        await _room.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            var (call, answer) = audience.Calls.Publish(topic);
            supervisor.Tell(new Signal.Publish(topic, call, payloads, key));
            return await answer.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw Reasons.Stopped;
        }
    }
}
