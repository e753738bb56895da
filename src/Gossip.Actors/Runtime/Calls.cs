using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Who outside the machines waits for an answer?</summary>
internal sealed class Calls
{
    private readonly ConcurrentDictionary<CallId, PublishCall> _publishes = new();
    private readonly ConcurrentDictionary<CallId, TaskCompletionSource<ImmutableArray<SyncResult>>>
        _syncs = new();

    private long _last;
    private volatile GossipException? _closed;

    /// <summary>Completes when every publish is answered, or at the deadline.</summary>
    public Task IdleAsync(CancellationToken deadline) => Task
        .WhenAll(_publishes.Values.Select(p => p.Task))
        .WaitAsync(deadline);

    /// <summary>The caller's room is given back when it is answered.</summary>
    public (CallId Call, Task<ImmutableArray<Receipt>> Answer) Publish(
        TopicId topic, SemaphoreSlim room)
    {
        var call = new CallId(Interlocked.Increment(ref _last));
        var publishing = new PublishCall(topic, room);
        _publishes[call] = publishing;
        if (_closed is { } reason)
        {
            Fail(call, reason);
        }

        return (call, publishing.Task);
    }

    public (CallId Call, Task<ImmutableArray<SyncResult>> Answer) Sync()
    {
        var call = new CallId(Interlocked.Increment(ref _last));
        var answer = new TaskCompletionSource<ImmutableArray<SyncResult>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        _syncs[call] = answer;
        if (_closed is { } reason)
        {
            FailSyncs(reason);
        }

        return (call, answer.Task);
    }

    public void Acknowledge(CallId call, ImmutableArray<Receipt> receipts)
    {
        if (_publishes.TryRemove(call, out var publishing))
        {
            publishing.Room.Release();
            publishing.TrySetResult(receipts);
        }
    }

    public void Fail(CallId call, GossipException reason)
    {
        if (_publishes.TryRemove(call, out var publishing))
        {
            publishing.Room.Release();
            publishing.TrySetException(reason);
        }
    }

    /// <summary>The topic's machine ended: nobody else will answer what it was asked.</summary>
    public void FailAll(TopicId topic, GossipException reason)
    {
        foreach (var call in _publishes.Where(p => p.Value.Topic == topic).Select(p => p.Key))
        {
            Fail(call, reason);
        }
    }

    /// <summary>The machine that compares ended, and with it what it was asked.</summary>
    public void FailSyncs(GossipException reason)
    {
        foreach (var call in _syncs.Keys)
        {
            if (_syncs.TryRemove(call, out var answer))
            {
                answer.TrySetException(reason);
            }
        }
    }

    /// <summary>
    /// Nobody answers any more: neither who waits, nor who comes too late to see it.
    /// </summary>
    public void Close(GossipException reason)
    {
        _closed = reason;
        foreach (var call in _publishes.Keys)
        {
            Fail(call, reason);
        }

        FailSyncs(reason);
    }

    public void Answer(CallId call, ImmutableArray<SyncResult> results)
    {
        if (_syncs.TryRemove(call, out var answer))
        {
            answer.TrySetResult(results);
        }
    }

    /// <summary>Whoever awaits it goes on elsewhere: nobody here waits for a caller.</summary>
    private sealed class PublishCall(TopicId topic, SemaphoreSlim room)
        : TaskCompletionSource<ImmutableArray<Receipt>>(
            TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TopicId Topic => topic;

        public SemaphoreSlim Room => room;
    }
}
