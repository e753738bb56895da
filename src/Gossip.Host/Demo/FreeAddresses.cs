using System.Net;
using System.Net.Sockets;

namespace Gossip.Host.Demo;

/// <summary>
/// Loopback addresses that nobody uses: kept until disposed, just before nodes take them. A node
/// must know its neighbours' addresses before they run, and keep its own when it comes back.
/// </summary>
internal sealed class FreeAddresses : IDisposable
{
    private readonly Socket[] _sockets;

    public FreeAddresses(int count)
    {
        _sockets = [.. Enumerable.Range(0, count).Select(_ => new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        foreach (var socket in _sockets)
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }
    }

    public IPEndPoint this[int index] => (IPEndPoint)_sockets[index].LocalEndPoint!;

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }
}
