namespace Gossip.Actors.Protocol;

/// <summary>
/// When may the store be asked? A read sees only what is committed, so a question about an entry
/// that waits for its commit waits with it.
/// </summary>
internal sealed class Looks
{
    /// <summary>
    /// Of headers under suspicion: a peer sends duplicates faster than any store answers.
    /// </summary>
    public const long SuspectBytesMax = 16 * 1024 * 1024;

    private readonly Queue<(long Batch, Effect.Look Look)> _waiting = [];
    private readonly List<Effect.Look> _new = [];
    private long _suspectBytes;

    public void Add(Effect.Look look) => _new.Add(look);

    /// <summary>False when too many are looked up already. Keeps no frame alive.</summary>
    public bool TryAdd(SignedHeader suspect, Link from, TopicId topic, SeqRange around)
    {
        if (_suspectBytes + suspect.HeaderBytes.Length > SuspectBytesMax)
        {
            return false;
        }

        _suspectBytes += suspect.HeaderBytes.Length;
        var kept = suspect with
        {
            HeaderBytes = suspect.HeaderBytes.ToArray(),
            Signature = suspect.Signature.ToArray(),
        };
        Add(new(topic, suspect.Header.Log, around, new Suspicion.OfHeader(kept, from)));
        return true;
    }

    /// <summary>The store has answered.</summary>
    public void Finish(Suspicion suspicion) => _suspectBytes -=
        suspicion is Suspicion.OfHeader(var suspect, _) ? suspect.HeaderBytes.Length : 0;

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
}
