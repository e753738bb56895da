namespace Gossip.Host.Node;

/// <summary>Waiting for a token to be cancelled, without an exception.</summary>
internal static class Stopping
{
    public static Task AsTask(this CancellationToken stop)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => source.TrySetResult());
        return source.Task;
    }
}
