using Gossip.Actors.Protocol;

namespace Gossip.Akka.Persistence;

/// <summary>What is asked of a journal's actor, and who waits for its end?</summary>
internal abstract class Call
{
    /// <summary>Its event is on the way to the journal: a failure leaves its outcome open.
    /// </summary>
    public bool IsWriting { get; set; }

    /// <summary>However it ends.</summary>
    public abstract Task Ended { get; }

    public abstract void Fail(Exception failure);
}

internal abstract class Call<T> : Call
{
    // Whoever awaits must not run inside the actor.
    private readonly TaskCompletionSource<T> _end =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _end.Task;

    public override Task Ended => _end.Task;

    public void Answer(T value) => _end.TrySetResult(value);

    public override void Fail(Exception failure) => _end.TrySetException(failure);
}

/// <summary>To a topic's actor: journal it, then hold it.</summary>
internal sealed class CommitCall(Batch batch, long generation) : Call<bool>
{
    public Batch Batch => batch;

    public long Generation => generation;
}

/// <summary>To a topic's actor: what does a machine of this generation start from?</summary>
internal sealed class LoadCall(long generation) : Call<TopicRecord>
{
    public long Generation => generation;
}

/// <summary>Nobody's: a table of facts puts its journal in order, and has to end with that.
/// </summary>
internal sealed class UpkeepCall : Call<bool>;

/// <summary>To a table of facts: journal it, then let it be so.</summary>
internal sealed class FactCall(Proto.Fact fact, Action apply) : Call<bool>
{
    public Proto.Fact Fact => fact;

    public void Apply() => apply();
}
