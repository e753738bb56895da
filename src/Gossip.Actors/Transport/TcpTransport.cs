using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gossip.Actors.Runtime;

namespace Gossip.Actors.Transport;

/// <summary>
/// Frames over TCP and mutual TLS 1.3: a peer's DID is the key of its certificate.
/// </summary>
public sealed class TcpTransport(
    EcKeys keys,
    GossipTimes times,
    GossipSizes sizes,
    TimeProvider time) : ITransport
{
    private readonly SslStreamCertificateContext _own = Certificates.SelfSigned(keys);

    public async Task<IListener> ListenAsync(string address, CancellationToken stop)
    {
        var wanted = Address.Parse(address);
        try
        {
            var host = await ResolveAsync(wanted.Host, stop).ConfigureAwait(false);
            return new TcpAcceptor(new(host, wanted.Port), wanted, _own, times, sizes, time);
        }
        catch (SocketException e)
        {
            throw new TransportException(
                e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"{address} is in use: stop what listens there, or listen on another port.",
                    SocketError.AccessDenied =>
                        $"{address} may not be listened on: ports below 1024 need rights.",
                    _ => $"{address} cannot be listened on: {e.Message}. "
                        + "Is it an address of this machine?",
                },
                e);
        }
    }

    public async Task<IConnection> DialAsync(string address, CancellationToken stop)
    {
        var wanted = Address.Parse(address);
        using var late = new CancellationTokenSource(times.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(wanted.Host, wanted.Port, either.Token).ConfigureAwait(false);
            var carrier = await TlsCarrier.HandshakeAsync(
                socket,
                address,
                (tls, s) => tls.AuthenticateAsClientAsync(Certificates.Client(_own), s),
                time,
                either.Token).ConfigureAwait(false);
            return new FramedConnection(carrier, times, sizes, time);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new TransportException(
                e.SocketErrorCode == SocketError.ConnectionRefused
                    ? $"Nobody listens at {address}."
                    : $"{address} cannot be reached: {e.Message}.",
                e);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            stop.ThrowIfCancellationRequested();
            throw new TransportException(
                $"{address} did not answer within {times.HandshakeTimeout}.", e);
        }
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken stop) =>
        IPAddress.TryParse(host, out var address)
            ? address
            : (await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false))[0];
}
