using System.Net;
using System.Net.Sockets;

namespace Gossip.Crash;

/// <summary>
/// Ports that stay free while their node is down. Those that the system hands out (32,768 and up)
/// would not: a dial of another process may take one between a kill and the restart.
/// </summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Last = 32_000;

    public static int[] Find(int count, Random random)
    {
        var found = new SortedSet<int>();
        while (found.Count < count)
        {
            var port = random.Next(First, Last);
            if (IsFree(port))
            {
                found.Add(port);
            }
        }

        return [.. found];
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
