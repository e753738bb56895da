using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;

namespace Gossip.Adversary.Connections;

/// <summary>The other way round: what the node dials is no node, or is the node itself.</summary>
internal static class TrapCases
{
    private static readonly DateTimeOffset Begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<ConnectionCase> All =>
    [
        Says("HTTP", "answers as a web server", "HTTP/1.1 400 Bad Request\r\n\r\n"),
        Says("SSH", "answers with a banner", "SSH-2.0-OpenSSH_9.2p1\r\n"),
        Says("nothing", "ends at once", ""),
        Serves("TLS 1.2", "nothing newer", SslProtocols.Tls12, P256),
        Serves("RSA", "shows a key of 2,048 bits", SslProtocols.Tls13, Rsa),
        Serves("P-384", "shows another curve", SslProtocols.Tls13,
            () => Ec(ECCurve.NamedCurves.nistP384)),
        Serves("P-521", "shows another curve", SslProtocols.Tls13,
            () => Ec(ECCurve.NamedCurves.nistP521)),
        new("dialled: itself", "a relay leads back to the node",
            Expectation.Goodbye(GoodbyeCode.SelfDial, "self-dialed"), ReflectAsync),
    ];

    private static ConnectionCase Says(string name, string how, string text) =>
        new($"dialled: {name}", how, Expectation.NoHandshake, stranger =>
            stranger.Scene.Trap.AnswerAsync(async (socket, stop) =>
            {
                await using var stream = new NetworkStream(socket);
                await socket.SendAsync(Encoding.ASCII.GetBytes(text), stop);
                socket.Shutdown(SocketShutdown.Send);
                await DrainAsync(stream, stop);
                return Ending.Silent;
            }));

    private static ConnectionCase Serves(
        string name, string how, SslProtocols protocol, Func<X509Certificate2> certificate) =>
        new($"dialled: {name}", how, Expectation.NoHandshake, stranger =>
            stranger.Scene.Trap.AnswerAsync(async (socket, stop) =>
            {
                await using var tls = new SslStream(new NetworkStream(socket));
                try
                {
                    await tls.AuthenticateAsServerAsync(Options(protocol, certificate()), stop);
                    return new(await DrainAsync(tls, stop), false, null, null);
                }
                catch (Exception e) when (e is AuthenticationException or IOException)
                {
                    return Ending.Silent;
                }
            }));

    private static SslServerAuthenticationOptions Options(
        SslProtocols protocol, X509Certificate2 certificate) => new()
        {
            ServerCertificate = certificate,
            EnabledSslProtocols = protocol,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };

    /// <summary>The node dials here, and is connected to its own port, byte for byte.</summary>
    private static Task<Ending> ReflectAsync(Stranger stranger) =>
        stranger.Scene.Trap.AnswerAsync(async (socket, stop) =>
        {
            var (host, port) = Address.Parse(stranger.Scene.Address);
            using var back = new TcpClient();
            await back.ConnectAsync(host, port, stop);
            await using var one = new NetworkStream(socket);
            var other = back.GetStream();
            await Task.WhenAny(CopyAsync(one, other, stop), CopyAsync(other, one, stop));
            return new(0, true, GoodbyeCode.SelfDial, null);
        });

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken stop)
    {
        try
        {
            await from.CopyToAsync(to, stop);
        }
        catch (IOException)
        {
            // Either side ended it.
        }
    }

    private static async Task<int> DrainAsync(Stream stream, CancellationToken stop)
    {
        var (scratch, sum) = (new byte[4096], 0);
        try
        {
            while (await stream.ReadAsync(scratch, stop) is > 0 and var read)
            {
                sum += read;
            }
        }
        catch (IOException)
        {
            // A reset: that is an end, too.
        }

        return sum;
    }

    private static X509Certificate2 P256() => Ec(ECCurve.NamedCurves.nistP256);

    private static X509Certificate2 Ec(ECCurve curve) => new CertificateRequest(
        "CN=gossip", ECDsa.Create(curve), HashAlgorithmName.SHA256).CreateSelfSigned(Begin, End);

    private static X509Certificate2 Rsa() => new CertificateRequest(
        "CN=gossip", RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        .CreateSelfSigned(Begin, End);
}
