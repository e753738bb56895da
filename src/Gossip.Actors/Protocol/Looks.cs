namespace Gossip.Actors.Protocol;

/// <summary>
/// When may the store be asked? A read sees only what is committed, so a question about an entry
/// that waits for its commit waits with it. Few are open at once: junk must not outrun the disk.
/// </summary>
internal sealed class Looks
{
    /// <summary>Each is a read of four headers; honest peers cause a handful.</summary>
    private const int OpenMax = 1024;

    private readonly Queue<(long Batch, Effect.Look Look)> _waiting = [];
    private readonly List<Effect.Look> _new = [];
    private int _asked;

    /// <summary>False when too many are open: what caused it comes again, if it is true.</summary>
    public bool TryAdd(Effect.Look look)
    {
        if (_asked + _waiting.Count + _new.Count >= OpenMax)
        {
            return false;
        }

        _new.Add(look);
        return true;
    }

    /// <summary>One was answered.</summary>
    public void Conclude() => _asked--;

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
            _asked++;
        }
    }
}
