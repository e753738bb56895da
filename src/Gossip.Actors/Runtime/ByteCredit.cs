namespace Gossip.Actors.Runtime;

/// <summary>
/// May this peer's socket be read? Bytes that are received and not yet stored or refused are taken
/// from a credit; at zero the reader stops, and TCP tells the peer.
/// </summary>
internal sealed class ByteCredit(long bytes)
{
    private readonly Pulse _returned = new();
    private long _left = bytes;

    public long Left => Interlocked.Read(ref _left);

    /// <summary>
    /// Completes while there is credit; one frame may overdraw it. One reader only.
    /// </summary>
    public async ValueTask TakeAsync(int amount, CancellationToken stop)
    {
        while (true)
        {
            var returned = _returned.Next;
            if (Left > 0)
            {
                Interlocked.Add(ref _left, -amount);
                return;
            }

            await returned.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public void GiveBack(long amount)
    {
        // Only a reader that stopped needs to hear of it.
        if (Interlocked.Add(ref _left, amount) - amount <= 0)
        {
            _returned.Beat();
        }
    }
}
