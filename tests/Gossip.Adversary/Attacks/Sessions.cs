using Gossip.Actors.Transport;
using Gossip.Tests.Hostile;

namespace Gossip.Adversary.Attacks;

/// <summary>
/// Accepted peers that misbehave at once: whoever is sent away comes back with another key.
/// </summary>
internal static class Sessions
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="order">Whom to attack.</param>
    /// <param name="lanes">So many at once.</param>
    /// <param name="stepAsync">One step of the attack, repeated while the session lasts.</param>
    /// <param name="stop">Ends it.</param>
    public static Task RunAsync(
        AttackOrder order, int lanes, Func<HostilePeer, Task> stepAsync, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => RunLaneAsync(order, stepAsync, stop)));

    private static async Task RunLaneAsync(
        AttackOrder order, Func<HostilePeer, Task> stepAsync, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await order.Pace.WaitAsync(stop);
            try
            {
                await using var peer = await HostilePeer.MeetAsync(order.Target).WaitAsync(stop);
                while (!stop.IsCancellationRequested && !peer.IsEnded)
                {
                    await stepAsync(peer).WaitAsync(stop);
                    await order.Pace.WaitAsync(stop);
                }
            }
            catch (Exception e) when (e is TransportException or TimeoutException
                or OperationCanceledException)
            {
                // Sent away, not let in, or over.
                await Task.Delay(Pause, TimeProvider.System, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
