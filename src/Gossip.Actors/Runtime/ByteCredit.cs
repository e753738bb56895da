namespace Gossip.Actors.Runtime;

/// <summary>
/// May this peer's socket be read? Bytes that are received and not yet stored or refused are taken
/// from a credit, and from what all peers share; at zero the reader stops, and TCP tells the peer.
/// Whoever has nothing outstanding may always go on, so that nobody waits for the others for ever.
/// </summary>
internal sealed class ByteCredit(long bytes, CreditPool? pool = null)
{
    private readonly Lock _gate = new();
    private readonly Pulse _returned = new();
    private readonly long _all = bytes;
    private long _left = bytes;
    private bool _isClosed;

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

    public long Used => _all - Left;

    /// <summary>
    /// Completes while there is credit; one frame may overdraw it. One reader only. True when it
    /// had to wait for others, false when for itself, null when it did not.
    /// </summary>
    public async ValueTask<bool?> TakeAsync(int amount, CancellationToken stop)
    {
        bool? waited = null;
        while (true)
        {
            var (returned, shared) = (_returned.Next, pool?.Returned ?? Task.CompletedTask);
            lock (_gate)
            {
                if (_left > 0 && (pool is null || pool.TryTake(amount, isFirst: _left == _all)))
                {
                    _left -= amount;
                    return waited;
                }

                waited ??= _left > 0;
            }

            await (waited.Value ? Task.WhenAny(returned, shared) : returned).WaitAsync(stop)
                .ConfigureAwait(false);
        }
    }

    public void GiveBack(long amount)
    {
        bool isAwaited;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            // Only a reader that stopped needs to hear of it; one that waits for others does too,
            // when it has nothing outstanding any more.
            isAwaited = _left <= 0;
            _left += amount;
            isAwaited |= _left == _all;
        }

        pool?.GiveBack(amount);
        if (isAwaited)
        {
            _returned.Beat();
        }
    }

    /// <summary>The link is gone: what it still owed is owed to nobody.</summary>
    public void Close()
    {
        long owed;
        lock (_gate)
        {
            owed = _isClosed ? 0 : _all - _left;
            _isClosed = true;
        }

        pool?.GiveBack(owed);
    }
}

/// <summary>How much may all peers together make this node hold?</summary>
internal sealed class CreditPool(long bytes)
{
    private readonly Pulse _returned = new();
    private readonly long _all = bytes;
    private long _left = bytes;

    public long Used => _all - Interlocked.Read(ref _left);

    /// <summary>Ends when something came back.</summary>
    public Task Returned => _returned.Next;

    /// <summary>One frame of each may overdraw it.</summary>
    public bool TryTake(long amount, bool isFirst)
    {
        if (Interlocked.Read(ref _left) <= 0 && !isFirst)
        {
            return false;
        }

        Interlocked.Add(ref _left, -amount);
        return true;
    }

    public void GiveBack(long amount)
    {
        var left = Interlocked.Add(ref _left, amount);
        if (left > 0 && left - amount <= 0)
        {
            _returned.Beat();
        }
    }
}
