using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gossip.Actors.Transport;

/// <summary>
/// Who completed a handshake at this port? Handshakes run side by side, each with a deadline, so
/// a peer that is slow at its own delays nobody; a doorkeeper bounds what strangers can hold.
/// </summary>
internal sealed class TcpAcceptor : IListener
{
    /// <summary>Long enough not to spin, too short for a peer to notice.</summary>
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Strangers are dealt with one at a time, and a few before others have their turn: a thousand
    /// that come at once wait for each other, and no peer waits for them.
    /// </summary>
    private readonly TaskScheduler _strangers = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default, maxConcurrencyLevel: 1, maxItemsPerTask: 8).ExclusiveScheduler;

    private readonly Socket _socket;
    private readonly SslStreamCertificateContext _own;
    private readonly GossipTimes _times;
    private readonly GossipSizes _sizes;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Doorkeeper _door;
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
        _door = new(sizes);
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
        _accepting = Task.Factory.StartNew(
            RunAsync, CancellationToken.None, TaskCreationOptions.None, _strangers).Unwrap();
    }

    public string Address { get; }

    public ImmutableArray<LimitStatus> Limits => _door.Limits;

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
                var socket = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(true);
                running.RemoveWhere(t => t.IsCompleted);
                running.Add(AdmitAsync(socket));

                // While more wait, accepting ends at once: without this all of them are one turn.
                await Task.Yield();
            }
            catch (SocketException)
            {
                // Gone before it was accepted, or no descriptors are left: that passes.
                await Task.Delay(AcceptRetryDelay, _time).ConfigureAwait(true);
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
        var remote = socket.RemoteEndPoint as IPEndPoint;
        if (remote is null || _door.Enter(remote.Address, socket.Dispose) is not { } guest)
        {
            socket.Dispose();
            return;
        }

        using var late = new CancellationTokenSource(_times.HandshakeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            await FirstRecord.ArriveAsync(socket, _time, either.Token).ConfigureAwait(true);
            _door.Begin(guest);
            var carrier = await TlsCarrier.HandshakeAsync(
                socket,
                remote.ToString(),
                (tls, s) => tls.AuthenticateAsServerAsync(Certificates.Server(_own), s),
                _time,
                either.Token).ConfigureAwait(false);
            await ReceiveAsync(guest, carrier).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException
            or SocketException or ObjectDisposedException)
        {
            // Not one of us, too slow, sent away, or we stop: the stranger sees its end.
            socket.Dispose();
            _door.Leave(guest);
        }
    }

    /// <summary>It holds its place until its connection is closed.</summary>
    private async Task ReceiveAsync(Guest guest, Carrier carrier)
    {
        var connection = new FramedConnection(
            carrier with { CloseAsync = CloseAsync }, _times, _sizes, _time);
        if (!_door.LetIn(guest) || !_ready.Writer.TryWrite(connection))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        async ValueTask CloseAsync()
        {
            try
            {
                await carrier.CloseAsync().ConfigureAwait(false);
            }
            finally
            {
                _door.Leave(guest);
            }
        }
    }
}
