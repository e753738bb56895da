using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gossip.Actors.Transport;

/// <summary>
/// Has a stranger said enough to be answered? Until its first TLS record (RFC 8446, 5.1) is here
/// to its end, a socket costs no more than itself: nothing of TLS is set up for it.
/// </summary>
internal static class FirstRecord
{
    private const byte Handshake = 22;
    private const int HeadBytes = 5;

    /// <summary>Of the content of one record.</summary>
    private const int BytesMax = 1 << 14;

    /// <summary>
    /// An honest hello comes in one packet, or its rest in the next; who takes longer is asked ever
    /// less often.
    /// </summary>
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(640);

    /// <summary>Takes nothing from the socket.</summary>
    /// <exception cref="TransportException">It speaks no TLS, or left.</exception>
    public static async Task ArriveAsync(Socket socket, TimeProvider time, CancellationToken stop)
    {
        var head = new byte[HeadBytes];
        var said = await socket.ReceiveAsync(head, SocketFlags.Peek, stop).ConfigureAwait(true);
        for (var pause = PauseFirst; !IsWhole(socket, head, said); pause = Longer(pause))
        {
            await Task.Delay(pause, time, stop).ConfigureAwait(true);
            said = socket.Receive(head, SocketFlags.Peek);
        }
    }

    private static bool IsWhole(Socket socket, byte[] head, int said)
    {
        if (said == 0)
        {
            throw new TransportException("It left without a word.");
        }

        if (head[0] != Handshake)
        {
            throw new TransportException("It does not speak TLS.");
        }

        if (said < HeadBytes)
        {
            return false;
        }

        var bytes = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(3));
        return bytes > BytesMax
            ? throw new TransportException($"A TLS record of {bytes} bytes: {BytesMax} at most.")
            : socket.Available >= HeadBytes + bytes;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < PauseMax ? 2 * pause : PauseMax;
}
