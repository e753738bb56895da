namespace Gossip.Actors.Protocol;

/// <summary>
/// When may the store be asked? A read sees only what is committed, so a question about an entry
/// that waits for its commit waits with it. Few are open at once: junk must not outrun the disk.
/// </summary>
internal sealed class Looks
{
    /// <summary>Bytes; a peer sends duplicates faster than any store answers.</summary>
    public const long OpenBytesMax = 16 * 1024 * 1024;

    private readonly Queue<(long Batch, Effect.Look Look)> _waiting = [];
    private readonly List<Effect.Look> _new = [];
    private long _openBytes;

    /// <summary>False when too much is open: what caused it comes again, if it is true.</summary>
    public bool TryAdd(Effect.Look look)
    {
        if (_openBytes + BytesOf(look.Suspicion) > OpenBytesMax)
        {
            return false;
        }

        _openBytes += BytesOf(look.Suspicion);
        _new.Add(look);
        return true;
    }

    /// <summary>The store has answered.</summary>
    public void Conclude(Suspicion suspicion) => _openBytes -= BytesOf(suspicion);

    /// <summary>Questions asked since the last call wait for this batch.</summary>
    public void WaitFor(long batch)
    {
        _new.ForEach(look => _waiting.Enqueue((batch, look)));
        _new.Clear();
    }

    public void Release(long durableBatch, Outbox outbox)
    {
        while (_waiting.TryPeek(out var next) && next.Batch <= durableBatch)
        {
            outbox.Add(_waiting.Dequeue().Look);
        }
    }

    /// <summary>
    /// What is kept while the store reads, with a little for the question itself.
    /// </summary>
    private static int BytesOf(Suspicion suspicion) => 256 + suspicion switch
    {
        Suspicion.OfHeader(var header, _) => header.HeaderBytes.Length,
        Suspicion.OfProof(var (first, second)) =>
            first.HeaderBytes.Length + second.HeaderBytes.Length,
        _ => 0,
    };
}
