using System.Collections.Concurrent;
using System.Threading.Channels;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What waits for one actor? Bounded. When it is full, what came over the network is refused (it
/// comes again), and of absolute facts the newest per key is kept: nothing that matters is lost,
/// and no sibling ever waits for another.
/// </summary>
internal sealed class Mailbox(int max)
{
    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(max) { SingleReader = true });

    private readonly ConcurrentDictionary<object, Signal> _newest = new();
    private long _replaced;

    /// <summary>Facts that overtook an older one of the same key.</summary>
    public long Replaced => Interlocked.Read(ref _replaced);

    /// <summary>False when it is full and this may be lost: the caller makes up for it.</summary>
    public bool TryTell(Signal signal)
    {
        var key = KeyOf(signal);
        if ((key is null || !_newest.ContainsKey(key)) && _signals.Writer.TryWrite(signal))
        {
            return true;
        }

        if (key is null)
        {
            return false;
        }

        _newest.AddOrUpdate(key, signal, (_, _) =>
        {
            Interlocked.Increment(ref _replaced);
            return signal;
        });

        // Room may have appeared meanwhile: someone must look.
        _signals.Writer.TryWrite(Nudge);
        return true;
    }

    /// <summary>For the edge only: a socket reader waits for room.</summary>
    public ValueTask TellAsync(Signal signal, CancellationToken stop) =>
        _signals.Writer.WriteAsync(signal, stop);

    public async IAsyncEnumerable<Signal> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var isOpen = true;
        while (isOpen)
        {
            isOpen = await _signals.Reader.WaitToReadAsync(stop).ConfigureAwait(false);
            while (_signals.Reader.TryRead(out var signal))
            {
                if (!ReferenceEquals(signal, Nudge))
                {
                    yield return signal;
                }
            }

            foreach (var key in _newest.Keys)
            {
                if (_newest.TryRemove(key, out var signal))
                {
                    yield return signal;
                }
            }
        }
    }

    /// <summary>Nothing more comes; what waits is still read.</summary>
    public void Complete() => _signals.Writer.TryComplete();

    /// <summary>What nobody will read any more.</summary>
    public IEnumerable<Signal> Abandon()
    {
        Complete();
        while (_signals.Reader.TryRead(out var signal))
        {
            yield return signal;
        }
    }

    private static readonly Signal Nudge = new Signal.HeadsDue();

    /// <summary>Null for what may be lost; facts about one thing share a key.</summary>
    private static object? KeyOf(Signal signal) => signal switch
    {
        Signal.Frame or Signal.Received or Signal.Send or Signal.Publish => null,
        Signal.PeerUp(var link, _) => (nameof(Signal.PeerUp), link),
        Signal.PeerDown(var link, _) => (nameof(Signal.PeerUp), link),
        Signal.Subscribed(var link, _, var topic, _) => (nameof(Signal.Subscribed), link, topic),
        Signal.Advanced(var topic, var row) => (nameof(Signal.Advanced), topic, row.Log),
        // A peer chooses how many: of what overflows its newest is kept, a round brings the rest.
        Signal.Shown(var link, var topic, var round, _) =>
            (nameof(Signal.Shown), link, topic, round),
        _ => signal,
    };
}
