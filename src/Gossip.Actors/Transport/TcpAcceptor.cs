using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gossip.Actors.Transport;

/// <summary>
/// Who completed a handshake at this port? Handshakes run side by side, each with a deadline, so
/// a peer that is slow at its own delays nobody; their number bounds what strangers can hold.
/// </summary>
internal sealed class TcpAcceptor : IListener
{
    /// <summary>Long enough not to spin, too short for a peer to notice.</summary>
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Leaves a second of five: a handshake takes two round trips.</summary>
    private const int HurryFactor = 5;

    private readonly Socket _socket;
    private readonly SslStreamCertificateContext _own;
    private readonly GossipTimes _times;
    private readonly GossipSizes _sizes;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _handshakes;
    private readonly Channel<IConnection> _ready;
    private readonly Task _accepting;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public TcpAcceptor(
        IPEndPoint endPoint,
        Address wanted,
        SslStreamCertificateContext own,
        GossipTimes times,
        GossipSizes sizes,
        TimeProvider time)
    {
        (_own, _times, _sizes, _time) = (own, times, sizes, time);
        _handshakes = new(sizes.HandshakesMax);
        _ready = Channel.CreateBounded<IConnection>(sizes.HandshakesMax);
        _socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(endPoint);
            _socket.Listen();
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        Address = (wanted with { Port = ((IPEndPoint)_socket.LocalEndPoint!).Port }).ToString();
        _accepting = Task.Run(RunAsync);
    }

    public string Address { get; }

    public async Task<IConnection> AcceptAsync(CancellationToken stop)
    {
        try
        {
            return await _ready.Reader.ReadAsync(stop).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException($"The listener at {Address} is closed.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_ready.Reader.TryRead(out var unclaimed))
        {
            await unclaimed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        var running = new HashSet<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _handshakes.WaitAsync(_stop.Token).ConfigureAwait(false);
                var socket = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                running.RemoveWhere(t => t.IsCompleted);
                running.Add(AdmitAsync(socket));
            }
            catch (SocketException)
            {
                // Gone before it was accepted, or no descriptors are left: that passes.
                _handshakes.Release();
                await Task.Delay(AcceptRetryDelay, _time).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(running).ConfigureAwait(false);
        _ready.Writer.Complete();
    }

    private async Task AdmitAsync(Socket socket)
    {
        var remote = socket.RemoteEndPoint?.ToString() ?? "unknown";
        using var late = new CancellationTokenSource(HandshakeTimeout(), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            var carrier = await TlsCarrier.HandshakeAsync(
                socket,
                remote,
                (tls, s) => tls.AuthenticateAsServerAsync(Certificates.Server(_own), s),
                _time,
                either.Token).ConfigureAwait(false);
            var connection = new FramedConnection(carrier, _times, _sizes, _time);
            if (!_ready.Writer.TryWrite(connection))
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException
            or SocketException or ObjectDisposedException)
        {
            // Not one of us, too slow, or we stop: the stranger sees its connection end.
        }
        finally
        {
            _handshakes.Release();
        }
    }

    /// <summary>
    /// When half of the places are taken, the others go to whoever is quick: strangers that only
    /// connect cannot hold them all, and a peer that answers still gets in.
    /// </summary>
    private TimeSpan HandshakeTimeout() => _handshakes.CurrentCount < _sizes.HandshakesMax / 2
        ? _times.HandshakeTimeout / HurryFactor
        : _times.HandshakeTimeout;
}
