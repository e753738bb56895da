using System.Net.Sockets;
using Gossip.Actors.Transport;

namespace Gossip.Adversary.Tls;

/// <summary>A bare socket to a node, where an end is an answer and not an error.</summary>
internal sealed class Wire : IAsyncDisposable
{
    /// <summary>Far above any deadline that a node has in these runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;

    private Wire(Socket socket) => _socket = socket;

    public static async Task<Wire> ConnectAsync(string address)
    {
        var (host, port) = Address.Parse(address);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        await socket.ConnectAsync(host, port);
        return new(socket);
    }

    /// <summary>What the node does not want any more is not sent: that is no failure.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var sent = await _socket.SendAsync(bytes.AsMemory());
                bytes = bytes[sent..];
            }
        }
        catch (SocketException)
        {
            // The end is seen by whoever reads.
        }
    }

    /// <summary>So many bytes; null when the node ended first.</summary>
    /// <exception cref="TimeoutException">The node neither answered nor ended.</exception>
    public async Task<byte[]?> ReadAsync(int count)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        var bytes = new byte[count];
        var read = 0;
        try
        {
            while (read < count)
            {
                var more = await _socket.ReceiveAsync(bytes.AsMemory(read), late.Token);
                if (more == 0)
                {
                    return null;
                }

                read += more;
            }

            return bytes;
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The node did not end it within {Patience}.", e);
        }
    }

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends with a reset, as a process does that is killed.</summary>
    public void Reset() => _socket.Close(0);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
