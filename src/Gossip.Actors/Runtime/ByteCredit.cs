namespace Gossip.Actors.Runtime;

/// <summary>
/// May this peer's socket be read? Bytes that are received and not yet stored or refused are taken
/// from a credit; at zero the reader stops, and TCP tells the peer.
/// </summary>
internal sealed class ByteCredit(long bytes)
{
    private readonly Lock _gate = new();
    private long _left = bytes;
    private TaskCompletionSource? _waiting;

    public long Left
    {
        get
        {
            lock (_gate)
            {
                return _left;
            }
        }
    }

    /// <summary>Completes while there is credit; one frame may overdraw it.</summary>
    public async ValueTask TakeAsync(int amount, CancellationToken stop)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_left > 0)
                {
                    _left -= amount;
                    return;
                }

                _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _waiting.Task;
            }

            await room.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public void GiveBack(long amount)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            _left += amount;
            if (_left > 0)
            {
                (waiting, _waiting) = (_waiting, null);
            }
        }

        waiting?.TrySetResult();
    }
}
