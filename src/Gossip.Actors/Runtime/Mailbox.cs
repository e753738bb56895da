using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What waits for one actor? Bounded. When it is full, what came over the network is refused (it
/// comes again), and of absolute facts the newest per key is parked: nothing that matters is lost,
/// and no sibling ever waits for another.
/// </summary>
internal sealed class Mailbox(int max)
{
    /// <summary>Wakes a reader that waits while something is parked.</summary>
    private static readonly Signal Nudge = new Signal.HeadsDue();

    private readonly Channel<Signal> _signals = Channel.CreateBounded<Signal>(
        new BoundedChannelOptions(max) { SingleReader = true });

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<object, Signal> _parked = [];
    private readonly Queue<Signal> _taken = new();
    private volatile bool _isParking;
    private int _readWhileParking;
    private long _replaced;

    public int Waiting => _signals.Reader.Count;

    /// <summary>Facts that a newer one of the same key overtook.</summary>
    public long Replaced
    {
        get
        {
            lock (_gate)
            {
                return _replaced;
            }
        }
    }

    /// <summary>False when it is full and this may be lost: the caller makes up for it.</summary>
    public bool TryTell(Signal signal)
    {
        if (KeyOf(signal) is not { } key)
        {
            return _signals.Writer.TryWrite(signal);
        }

        lock (_gate)
        {
            // Once one fact is parked the later ones follow it: facts keep their order.
            if (!_isParking && _signals.Writer.TryWrite(signal))
            {
                return true;
            }

            _replaced += _parked.Remove(key) ? 1 : 0;
            _parked.Add(key, signal);
            _isParking = true;
        }

        // Room may have appeared meanwhile: someone must look.
        _signals.Writer.TryWrite(Nudge);
        return true;
    }

    /// <summary>For the edge only: a socket reader waits for room.</summary>
    public ValueTask TellAsync(Signal signal, CancellationToken stop) =>
        _signals.Writer.WriteAsync(signal, stop);

    public async IAsyncEnumerable<Signal> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken stop)
    {
        bool isOpen;
        do
        {
            isOpen = await _signals.Reader.WaitToReadAsync(stop).ConfigureAwait(false);
            while (TryRead(out var signal))
            {
                yield return signal;
            }
        }
        while (isOpen);
    }

    /// <summary>
    /// For the one reader. What was parked is younger than a full channel, and older than what came
    /// after.
    /// </summary>
    public bool TryRead([NotNullWhen(true)] out Signal? signal)
    {
        while (true)
        {
            if (_taken.TryDequeue(out signal))
            {
                return true;
            }

            if (_readWhileParking <= max && _signals.Reader.TryRead(out signal))
            {
                _readWhileParking = _isParking ? _readWhileParking + 1 : 0;
                if (!ReferenceEquals(signal, Nudge))
                {
                    return true;
                }
            }
            else if (!TakeParked())
            {
                return false;
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

    /// <summary>False when nothing is parked: then nothing is left.</summary>
    private bool TakeParked()
    {
        lock (_gate)
        {
            // Meanwhile a fact may have come into the channel, and a newer one been parked: unless
            // so much was read that this cannot be, the channel comes first.
            var wasFull = _readWhileParking > max;
            if (!wasFull && _signals.Reader.Count > 0)
            {
                return true;
            }

            foreach (var signal in _parked.Values)
            {
                _taken.Enqueue(signal);
            }

            _readWhileParking = 0;
            _parked.Clear();
            _isParking = false;
            return wasFull || _taken.Count > 0;
        }
    }

    /// <summary>Null for what may be lost; facts about one thing share a key.</summary>
    private static object? KeyOf(Signal signal) => signal switch
    {
        Signal.Frame or Signal.Received or Signal.Send or Signal.Publish => null,
        Signal.Misbehaved or Signal.NotSigned or Signal.PromiseKept => null,
        Signal.Distrusted => nameof(Signal.Distrusted),
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
