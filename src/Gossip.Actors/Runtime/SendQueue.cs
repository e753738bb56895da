using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>
/// What goes out next on one link? Control before own before relayed; each class bounded in bytes,
/// so a slow peer costs this much memory and delays nobody else.
/// </summary>
internal sealed class SendQueue(int bytesMax)
{
    /// <summary>
    /// Written at once: enough to amortise a system call, little enough to stay fair.
    /// </summary>
    private const int WriteBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>>[] _frames = [[], [], []];
    private readonly long[] _bytes = new long[3];
    private readonly Pulse _changed = new();
    private bool _isFinishing;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes.Sum();
            }
        }
    }

    /// <summary>Of the class that has most: each has its own limit.</summary>
    public long MostBytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes.Max();
            }
        }
    }

    /// <summary>False when this class is full, or the link is ending.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> frame, SendClass sendClass)
    {
        lock (_gate)
        {
            var index = (int)sendClass;
            if (_isFinishing || (_bytes[index] > 0 && _bytes[index] + frame.Length > bytesMax))
            {
                return false;
            }

            _frames[index].Enqueue(frame);
            _bytes[index] += frame.Length;
        }

        _changed.Beat();
        return true;
    }

    /// <summary>Nothing more is taken; control that waits still goes out.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isFinishing = true;
        }

        _changed.Beat();
    }

    /// <summary>The next frames in order; null once it is finished and empty.</summary>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> TakeAsync(CancellationToken stop)
    {
        while (true)
        {
            var changed = _changed.Next;
            if (Take() is var (frames, isFinished) && (frames.Count > 0 || isFinished))
            {
                return frames.Count > 0 ? frames : null;
            }

            await changed.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    private (List<ReadOnlyMemory<byte>> Frames, bool IsFinished) Take()
    {
        var taken = new List<ReadOnlyMemory<byte>>();
        lock (_gate)
        {
            var room = WriteBytes;
            var classes = _isFinishing ? 1 : _frames.Length;
            for (var i = 0; i < classes; i++)
            {
                while (room > 0 && _frames[i].TryDequeue(out var frame))
                {
                    taken.Add(frame);
                    room -= frame.Length;
                    _bytes[i] -= frame.Length;
                }
            }

            return (taken, _isFinishing);
        }
    }
}
