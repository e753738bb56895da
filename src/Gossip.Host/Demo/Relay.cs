using System.Net;
using System.Net.Sockets;

namespace Gossip.Host.Demo;

/// <summary>
/// A wire that can be cut: passes TCP connections on to one node. While it is cut, what was open
/// is broken and what is new is closed at once.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private bool _isCut;

    public Relay(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            CloseAll();
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _isCut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = PassAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Disposed: nobody is accepted any more.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            if (!Keep(near, far))
            {
                return;
            }

            await far.ConnectAsync(_target, _stop.Token);
            near.NoDelay = far.NoDelay = true;
            var (nearStream, farStream) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(
                nearStream.CopyToAsync(farStream, _stop.Token),
                farStream.CopyToAsync(nearStream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or OperationCanceledException)
        {
            // Either side broke: the other is closed too, as a wire would.
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
        }
    }

    private bool Keep(TcpClient near, TcpClient far)
    {
        lock (_gate)
        {
            return !_isCut && _open.Add(near) && _open.Add(far);
        }
    }

    private void CloseAll()
    {
        foreach (var client in _open)
        {
            client.Close();
        }

        _open.Clear();
    }
}
