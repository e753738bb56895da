using System.Net.Sockets;
using Gossip.Actors.Transport;

namespace Gossip.Adversary.Attacks;

/// <summary>Very many connections at once, each opened again when it is ended.</summary>
internal static class Sockets
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <param name="order">Whom to attack.</param>
    /// <param name="address">Which of its ports.</param>
    /// <param name="count">So many connections.</param>
    /// <param name="feedAsync">Sends something; false when the connection is no more.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task HoldAsync(
        AttackOrder order,
        string address,
        int count,
        Func<Socket, int, int, CancellationToken, ValueTask> feedAsync,
        CancellationToken stop)
    {
        var (host, port) = Address.Parse(address);
        await Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            while (!stop.IsCancellationRequested)
            {
                await order.Pace.WaitAsync(stop);
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(host, port, stop);
                    order.Count();
                    for (var step = 0; !stop.IsCancellationRequested; step++)
                    {
                        await feedAsync(socket, number, step, stop);
                        await WaitAsync(order, socket, stop);
                    }
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    // Ended, refused, or over.
                    await Task.Delay(Pause, TimeProvider.System, stop)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }));
    }

    /// <exception cref="SocketException">The other side ended it.</exception>
    private static async ValueTask WaitAsync(
        AttackOrder order, Socket socket, CancellationToken stop)
    {
        await Task.Delay(Pause, TimeProvider.System, stop);
        if (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        await order.Pace.WaitAsync(stop);
    }
}
