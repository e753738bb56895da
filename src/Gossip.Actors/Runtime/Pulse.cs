namespace Gossip.Actors.Runtime;

/// <summary>
/// Has something changed since I looked? Take <see cref="Next"/> first, then look, then wait for
/// it: no change between the two is missed.
/// </summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = New();

    public Task Next => Volatile.Read(ref _next).Task;

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
