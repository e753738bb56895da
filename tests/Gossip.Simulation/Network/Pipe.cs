using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// What is on its way from one end of a link to the other? As in the runtime: a bounded queue per
/// send class, then a window of bytes on the wire at a rate, then a reader that stops without
/// credit. In order and whole until it breaks; where gossip is loose, its frames are datagrams.
/// </summary>
public sealed class Pipe(Cluster cluster, LinkEnd from)
{
    private readonly Queue<Parcel>[] _waiting = [[], [], []];
    private readonly long[] _waitingBytes = new long[3];
    private readonly Queue<Parcel> _stuck = [];
    private readonly Queue<Parcel> _arrived = [];
    private long _onTheWay;
    private long _credit = from.Node.Options.Sizes.CreditBytes;
    private long _taken;
    private TimeSpan _wireFree;
    private TimeSpan _lastArrival;
    private bool _isReading;
    private bool _isWatched;
    private bool _isFinishing;
    private bool _isBroken;

    private LinkEnd To => from.Other;

    private bool IsBlocked => cluster.Network.IsBlocked(from.Node.Number, To.Node.Number);

    private bool IsWaiting => _waiting[0].Count + _waiting[1].Count + _waiting[2].Count > 0;

    /// <summary>False when the queue of its class is full: the frame is dropped.</summary>
    public bool TrySend(byte[] frame, SendClass sendClass, bool isGossip)
    {
        var index = (int)sendClass;
        var bytesMax = from.Node.Options.Sizes.SendQueueBytesMax;
        if (_isFinishing || _isBroken)
        {
            return true;
        }

        if (_waitingBytes[index] > 0 && _waitingBytes[index] + frame.Length > bytesMax)
        {
            return false;
        }

        _waiting[index].Enqueue(new(frame, isGossip, null));
        _waitingBytes[index] += frame.Length;
        Pump();
        return true;
    }

    /// <summary>
    /// Ends in order: control that waits still goes out, then the other side hears.
    /// </summary>
    public void Finish()
    {
        if (_isFinishing || _isBroken)
        {
            return;
        }

        _waiting[1].Clear();
        _waiting[2].Clear();
        _waiting[0].Enqueue(new([], false, "the peer closed the connection"));
        Pump();
        _isFinishing = true;
    }

    /// <summary>
    /// Ends at once: what is in flight is lost. The news, if any, comes as soon as it can.
    /// </summary>
    public void Break(string? news)
    {
        if (_isBroken)
        {
            return;
        }

        _isBroken = true;
        _waiting.ToList().ForEach(w => w.Clear());
        _arrived.Clear();
        _stuck.Clear();
        if (news is not null)
        {
            var end = new Parcel([], false, news);
            cluster.Time.In(cluster.Network.Delay(), () => Arrive(end));
        }
    }

    /// <summary>The way is open again: what was held up arrives, in order.</summary>
    public bool TryUnblock()
    {
        if (IsBlocked)
        {
            return false;
        }

        while (_stuck.TryDequeue(out var parcel))
        {
            _arrived.Enqueue(parcel);
        }

        Read();
        return true;
    }

    /// <summary>The reader stored or refused these bytes.</summary>
    public void GiveBack(int bytes)
    {
        _credit += bytes;
        Read();
    }

    private void Pump()
    {
        while (IsWaiting && (_onTheWay == 0 || _onTheWay < cluster.Faults.WindowBytes))
        {
            var index = Array.FindIndex(_waiting, w => w.Count > 0);
            var parcel = _waiting[index].Dequeue();
            _waitingBytes[index] -= parcel.Frame.Length;
            Transmit(parcel);
        }

        if (IsWaiting && !_isWatched)
        {
            WatchProgress();
        }
    }

    private void Transmit(Parcel parcel)
    {
        var faults = cluster.Faults;
        if (parcel.IsGossip && cluster.Draw.Chance(faults.Loss))
        {
            return;
        }

        var now = cluster.Time.Now;
        var free = _wireFree > now ? _wireFree : now;
        _wireFree = faults.BytesPerSecond == 0
            ? free
            : free + TimeSpan.FromSeconds((double)parcel.Frame.Length / faults.BytesPerSecond);
        var arrival = _wireFree + cluster.Network.Delay();
        if (!(parcel.IsGossip && faults.Reorder))
        {
            _lastArrival = arrival = arrival > _lastArrival ? arrival : _lastArrival;
        }

        _onTheWay += parcel.Frame.Length;
        cluster.Time.In(arrival - now, () => Arrive(parcel));
        if (parcel.IsGossip && cluster.Draw.Chance(faults.Replay))
        {
            // The copy takes no room of the window: nobody sent it.
            var copy = parcel with { IsCopy = true };
            cluster.Time.In(arrival - now + cluster.Network.Delay(), () => Arrive(copy));
            cluster.Sometimes.Reach(Rarity.FrameReplayed);
        }
    }

    private void Arrive(Parcel parcel)
    {
        if (_isBroken && parcel.End is null)
        {
            return;
        }

        var isLoose = parcel.IsGossip && cluster.Faults.Reorder;
        if (IsBlocked || (_stuck.Count > 0 && !isLoose))
        {
            if (!isLoose)
            {
                _stuck.Enqueue(parcel);
                cluster.Network.HoldUp(this);
            }
            else if (!parcel.IsCopy)
            {
                _onTheWay -= parcel.Frame.Length;
                Pump();
            }

            return;
        }

        _arrived.Enqueue(parcel);
        Read();
    }

    private void Read()
    {
        while (!_isReading && _arrived.TryPeek(out var parcel) && (_credit > 0 || !To.IsOpen))
        {
            if (To.IsOpen && To.Node.ReadDelay > TimeSpan.Zero)
            {
                _isReading = true;
                cluster.Time.In(cluster.Draw.Around(To.Node.ReadDelay), () =>
                {
                    _isReading = false;
                    Take();
                    Read();
                });
                return;
            }

            Take();
        }
    }

    private void Take()
    {
        if (!_arrived.TryDequeue(out var parcel))
        {
            return;
        }

        if (parcel.End is { } reason)
        {
            cluster.Network.Hear(To, reason);
            return;
        }

        _taken++;
        _onTheWay -= parcel.IsCopy ? 0 : parcel.Frame.Length;
        if (To.IsOpen)
        {
            // Before it is received: what gives bytes back at once counts on it.
            var signal = new Signal.Frame(To.Link, parcel.Frame);
            _credit -= signal.Cost;
            To.Node.Receive(signal);
        }

        Pump();
    }

    /// <summary>A peer that takes nothing for so long is disconnected.</summary>
    private void WatchProgress()
    {
        _isWatched = true;
        var taken = _taken;
        cluster.Time.In(from.Node.Options.Times.WriteTimeout, () =>
        {
            _isWatched = false;
            if (!IsWaiting || _isBroken)
            {
                return;
            }

            if (_taken == taken)
            {
                cluster.Network.Hear(from, "the peer takes nothing");
                cluster.Network.Abandon(from);
            }
            else
            {
                WatchProgress();
            }
        });
    }

    /// <summary>A frame, or the end of what this side says.</summary>
    private readonly record struct Parcel(
        byte[] Frame, bool IsGossip, string? End, bool IsCopy = false);
}
