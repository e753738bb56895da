namespace Gossip.Actors.Protocol;

/// <summary>
/// When may the store be asked? A read sees only what is committed, so a question about an entry
/// that waits for its commit waits with it.
/// </summary>
internal sealed class Looks
{
    private readonly Queue<(long Batch, Effect.Look Look)> _waiting = [];
    private readonly List<Effect.Look> _new = [];

    public void Add(Effect.Look look) => _new.Add(look);

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
