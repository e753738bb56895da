using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Gossip.Actors.Transport;

/// <summary>
/// A socket after its handshake: mutual TLS 1.3, so both sides know whom they talk to.
/// </summary>
internal static class TlsCarrier
{
    /// <summary>
    /// A socket closed with unread bytes resets, and the reset overtakes what was sent last: so
    /// the peer may end first, for so long.
    /// </summary>
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(1);

    private static readonly StreamPipeReaderOptions Reading = new(
        bufferSize: 32 * 1024,
        minimumReadSize: 4 * 1024,
        leaveOpen: true,
        useZeroByteReads: true);

    /// <summary>Takes the socket over; disposes it when the handshake fails.</summary>
    /// <exception cref="TransportException">The peer is not one of us.</exception>
    public static async Task<Carrier> HandshakeAsync(
        Socket socket,
        string remote,
        Func<SslStream, CancellationToken, Task> authenticateAsync,
        TimeProvider time,
        CancellationToken stop)
    {
        socket.NoDelay = true;
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await authenticateAsync(tls, stop).ConfigureAwait(false);
            var peer = Certificates.DidOf(tls.RemoteCertificate)
                ?? throw new UnreachableException("A handshake without a certificate passed.");
            return new(
                peer,
                remote,
                PipeReader.Create(tls, Reading),
                tls,
                () => CloseAsync(socket, tls, time));
        }
        catch (Exception e)
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            if (e is IOException)
            {
                throw new TransportException(
                    $"{remote} ended the handshake: it takes no more connections for now, or is no "
                    + $"Gossip node of this version. {e.Message}",
                    e);
            }

            if (e is AuthenticationException or CryptographicException)
            {
                throw new TransportException(
                    $"{remote} is no Gossip node of this version: {e.Message} Peers speak TLS 1.3 "
                    + "and show a certificate with a P-256 key, both ways.",
                    e);
            }

            throw;
        }
    }

    private static async ValueTask CloseAsync(Socket socket, SslStream tls, TimeProvider time)
    {
        using var late = new CancellationTokenSource(LingerTimeout, time);
        try
        {
            await tls.ShutdownAsync().WaitAsync(late.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
            var scratch = new byte[4096];
            while (await socket.ReceiveAsync(scratch, late.Token).ConfigureAwait(false) > 0)
            {
            }
        }
#pragma warning disable CA1031 // What OpenSSL says has a type without a name outside of .NET.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Broken already, or a send is stuck, or the peer broke TLS itself after its handshake:
            // then there is nothing to end in order, whatever it is that says so.
        }

        await tls.DisposeAsync().ConfigureAwait(false);
    }
}
