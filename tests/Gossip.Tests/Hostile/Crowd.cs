using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Hostile;

/// <summary>
/// Sockets that knock at a node's door from an address of their own, and mean nothing good.
/// </summary>
internal sealed class Crowd(GossipNode node, string from) : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly List<SslStream> _inside = [];

    public int Count => _sockets.Count;

    /// <summary>Those whose end the node has not shown yet.</summary>
    public int Alive => _sockets.Count(s => !IsEnded(s));

    /// <summary>Each connects and sends these bytes, or none, and then nothing more.</summary>
    public async Task KnockAsync(int count, ReadOnlyMemory<byte> firstBytes)
    {
        for (var i = 0; i < count; i++)
        {
            var socket = await ConnectAsync();
            if (!firstBytes.IsEmpty)
            {
                await TryAsync(() => socket.SendAsync(firstBytes).AsTask());
            }
        }
    }

    /// <summary>Each shakes hands to the end; those that the node keeps are counted.</summary>
    public async Task<int> EnterAsync(int count, EcKeys? keys = null)
    {
        for (var i = 0; i < count; i++)
        {
            var socket = await ConnectAsync();
            using var own = keys is null ? EcKeys.Generate() : null;
            var tls = new SslStream(new NetworkStream(socket));
            await TryAsync(async () =>
            {
                await tls.AuthenticateAsClientAsync(
                    Certificates.Client(Certificates.SelfSigned(keys ?? own!)));
                _inside.Add(tls);
            });
        }

        return _inside.Count;
    }

    /// <summary>What a peer sends first, without the peer.</summary>
    public static async Task<byte[]> ClientHelloAsync()
    {
        using var wire = new Recorder();
        await using var tls = new SslStream(wire);
        using var keys = EcKeys.Generate();
        await Assert.ThrowsAnyAsync<IOException>(() => tls.AuthenticateAsClientAsync(
            Certificates.Client(Certificates.SelfSigned(keys))));
        return wire.Written.ToArray();
    }

    public void Dispose()
    {
        _inside.ForEach(tls => tls.Dispose());
        _sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>Reads what was said, as nobody here cares for it.</summary>
    private static bool IsEnded(Socket socket)
    {
        var scratch = new byte[4096];
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(scratch) == 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPEndPoint.Parse(node.Address!));
        return socket;
    }

    private static async Task TryAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Sent away: that is the answer.
        }
    }

    /// <summary>Takes what is written, and ends when it is to answer.</summary>
    private sealed class Recorder : MemoryStream
    {
        public MemoryStream Written { get; } = new();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Written.WriteAsync(buffer, cancellationToken);

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) => new(0);
    }
}
