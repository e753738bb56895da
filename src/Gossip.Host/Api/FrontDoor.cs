using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Gossip.Host.Api;

/// <summary>
/// Whom does the web server hear of? Whoever has sent a first request. Until then a socket costs no
/// more than itself: a connection of the web server's costs 140 us and two dozen work items by the
/// time it is broken off, and thousands of them make every other request wait.
/// </summary>
internal sealed class FrontDoor : IConnectionListener
{
    /// <summary>Long enough not to spin, too short for a caller to notice.</summary>
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A few, before others have their turn: a thousand that come at once wait for each other, and
    /// no request waits for them.
    /// </summary>
    private const int PerTurn = 8;

    /// <summary>Not accepted yet: a quarter of a second's worth of the worst flood.</summary>
    private const int Backlog = 1024;

    private readonly TaskScheduler _strangers = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default, maxConcurrencyLevel: 1, maxItemsPerTask: PerTurn).ExclusiveScheduler;

    private readonly Socket _socket;
    private readonly SocketConnectionContextFactory _connections;
    private readonly Connections _places;
    private readonly Doorstep _doorstep;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(Socket Socket, Connections.Open Open)> _ready;
    private int _taken;

    private FrontDoor(
        Socket socket, SocketConnectionContextFactory connections, ApiSettings settings,
        Connections places, ApiRefusals refusals, TimeProvider time)
    {
        (_socket, _connections, _places, _time) = (socket, connections, places, time);
        _doorstep = new(settings, refusals, _strangers, time, LetIn);
        EndPoint = socket.LocalEndPoint!;
        _ready = Channel.CreateBounded<(Socket, Connections.Open)>(settings.OpenMax);
    }

    public EndPoint EndPoint { get; }

    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    public static FrontDoor Open(
        EndPoint endPoint, SocketConnectionContextFactory connections, ApiSettings settings,
        Connections places, ApiRefusals refusals, TimeProvider time)
    {
        Socket socket;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e);
        }

        socket.Listen(Backlog);
        var door = new FrontDoor(socket, connections, settings, places, refusals, time);
        _ = Task.Factory.StartNew(
            door.RunAsync, CancellationToken.None, TaskCreationOptions.None, door._strangers);
        return door;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken stop = default)
    {
        if (++_taken % PerTurn == 0)
        {
            await Task.Yield();
        }

        while (await _ready.Reader.WaitToReadAsync(stop))
        {
            while (_ready.Reader.TryRead(out var next))
            {
                if (TryConnect(next.Socket, next.Open) is { } connection)
                {
                    return connection;
                }

                next.Socket.Dispose();
                next.Open.Leave();
            }
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken stop = default)
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        _ready.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await _doorstep.DisposeAsync();
        while (_ready.Reader.TryRead(out var unclaimed))
        {
            unclaimed.Socket.Dispose();
        }

        _connections.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                Admit(socket);

                // While more wait, accepting ends at once: without this all of them are one turn.
                await Task.Yield();
            }
            catch (SocketException)
            {
                // Gone before it was accepted, or no descriptors are left: that passes.
                await Task.Delay(AcceptRetryDelay, _time);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (socket.RemoteEndPoint is IPEndPoint remote
            && _places.Enter(remote.Address, socket.Dispose) is { } open)
        {
            _doorstep.Add(socket, open);
        }
        else
        {
            socket.Dispose();
        }
    }

    /// <summary>Null when it has left, or there is no place for it.</summary>
    private ConnectionContext? TryConnect(Socket socket, Connections.Open open)
    {
        // Whoever asked gives way to somebody who asks: that is here, and not before this returns.
        ConnectionContext? connection = null;
        if (!open.TryAsk(() => SendAway(connection!)))
        {
            return null;
        }

        try
        {
            connection = _connections.Create(socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }

        connection.Features.Set(open);
        connection.ConnectionClosed.UnsafeRegister(
            static open => ((Connections.Open)open!).Leave(), open);
        return connection;
    }

    private bool LetIn(Socket socket, Connections.Open open)
    {
        socket.NoDelay = true;
        return _ready.Writer.TryWrite((socket, open));
    }

    /// <summary>Not on the thread of the one that comes.</summary>
    private static void SendAway(ConnectionContext connection) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection => connection.Abort(
                new ConnectionAbortedException("It gave way to another.")),
            connection, preferLocal: false);
}
