using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Transport;

public sealed class TcpTransportTests : TransportContract
{
    protected override string Free => "127.0.0.1:0";

    protected override ITransport Transport(EcKeys keys, GossipTimes? times = null) =>
        new TcpTransport(keys, times ?? Times, Sizes, TimeProvider.System);

    [Fact]
    public async Task Half_open_connections_delay_nobody_and_end_at_the_deadline()
    {
        var times = Times with { HandshakeTimeout = TimeSpan.FromSeconds(3) };
        await using var listener = await Transport(Other, times).ListenAsync(Free, Stop);
        var strangers = await Task.WhenAll(
            Enumerable.Range(0, Sizes.HandshakesMax + 6).Select(_ => KnockAsync(listener)));

        // Sooner than the strangers' own deadline: they cannot hold every place until then.
        var patience = Times with { HandshakeTimeout = TimeSpan.FromSeconds(2.9) };
        await using var dialled = await Transport(One, patience).DialAsync(listener.Address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);

        Assert.Equal(One.Self, accepted.Peer);
        foreach (var stranger in strangers)
        {
            await ExpectHangupAsync(stranger);
            stranger.Dispose();
        }
    }

    [Fact]
    public async Task Garbage_instead_of_TLS_is_hung_up_on()
    {
        await using var listener = await Transport(Other).ListenAsync(Free, Stop);
        using var stranger = await KnockAsync(listener);
        await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Stop);

        await ExpectHangupAsync(stranger);
        await AssertNobodyElseSuffersAsync(listener);
    }

    [Fact]
    public async Task Dialling_what_is_no_node_says_so()
    {
        using var server = new TcpListener(System.Net.IPAddress.Loopback, 0);
        server.Start();
        var dialling = Transport(One).DialAsync(server.LocalEndpoint.ToString()!, Stop);
        using var socket = await server.AcceptSocketAsync(Stop);
        await socket.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), Stop);

        var refusal = await Assert.ThrowsAsync<TransportException>(() => dialling);

        Assert.Contains("is no Gossip node", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Row("C6")]
    public async Task Dialling_a_black_hole_ends_at_the_deadline()
    {
        using var server = new TcpListener(System.Net.IPAddress.Loopback, 0);
        server.Start();
        var times = Times with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) };

        var refusal = await Assert.ThrowsAsync<TransportException>(() =>
            Transport(One, times).DialAsync(server.LocalEndpoint.ToString()!, Stop));

        Assert.Contains("did not answer within", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Older_TLS_is_refused()
    {
        using var certificate = SelfSigned(One.CopyKey());
        await AssertRefusedAsync(certificate, SslProtocols.Tls12);
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_refused() =>
        await AssertRefusedAsync(null, SslProtocols.Tls13);

    [Fact]
    public async Task A_certificate_with_another_kind_of_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var p384 = SelfSigned(ECDsa.Create(ECCurve.NamedCurves.nistP384));
        using var certificate = new CertificateRequest(
                "CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

        await AssertRefusedAsync(certificate, SslProtocols.Tls13);
        await AssertRefusedAsync(p384, SslProtocols.Tls13);
    }

    [Theory]
    [Row("C7")]
    [InlineData(0xffff_ffff)]
    [InlineData(0x8000_0000)]
    [InlineData(1024 * 1024 + 1)]
    public async Task A_length_above_the_limit_ends_the_link_before_the_frame_comes(uint length)
    {
        var (stream, accepted) = await RawAsync();
        await stream.WriteAsync(BitConverter.GetBytes(length).Reverse().ToArray(), Stop);

        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await accepted.ReceiveAsync(Stop));

        Assert.Contains($"a frame of {length} bytes", end.Message, StringComparison.Ordinal);
        await stream.DisposeAsync();
        await accepted.DisposeAsync();
    }

    [Fact]
    public async Task A_frame_cut_short_is_told_from_an_end_in_order()
    {
        var (stream, accepted) = await RawAsync();
        await stream.WriteAsync(new byte[] { 0, 0, 0, 5, 1, 2 }, Stop);
        await stream.DisposeAsync();

        var end = await Assert.ThrowsAsync<TransportException>(
            async () => await accepted.ReceiveAsync(Stop));

        Assert.Contains("in the middle of a frame", end.Message, StringComparison.Ordinal);
        await accepted.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_broken()
    {
        await using var listener = await Transport(Other).ListenAsync(Free, Stop);
        var (socket, _) = await HandshakeAsync(listener);
        await using var accepted = await listener.AcceptAsync(Stop);

        socket.LingerState = new(true, 0);
        socket.Dispose();

        await Assert.ThrowsAsync<TransportException>(
            async () => await accepted.ReceiveAsync(Stop));
    }

    private async Task<Socket> KnockAsync(IListener listener)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var at = Address.Parse(listener.Address);
        await socket.ConnectAsync(at.Host, at.Port, Stop);
        return socket;
    }

    private async Task<(SslStream Stream, IConnection Accepted)> RawAsync()
    {
        var listener = await Transport(Other).ListenAsync(Free, Stop);
        var (_, stream) = await HandshakeAsync(listener);
        var accepted = await listener.AcceptAsync(Stop);
        await listener.DisposeAsync();
        return (stream, accepted);
    }

    private async Task<(Socket Socket, SslStream Stream)> HandshakeAsync(IListener listener)
    {
        using var certificate = SelfSigned(One.CopyKey());
        var socket = await KnockAsync(listener);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            Options(certificate, SslProtocols.Tls13), Stop);
        return (socket, stream);
    }

    private async Task AssertRefusedAsync(X509Certificate2? certificate, SslProtocols protocol)
    {
        await using var listener = await Transport(Other).ListenAsync(Free, Stop);
        using var socket = await KnockAsync(listener);
        await using var stream = new SslStream(new NetworkStream(socket));

        // In TLS 1.3 the client's side of the handshake may succeed; then the first read fails.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await stream.AuthenticateAsClientAsync(Options(certificate, protocol), Stop);
            await stream.ReadExactlyAsync(new byte[1], Stop);
        });

        Assert.False(Stop.IsCancellationRequested);
        await AssertNobodyElseSuffersAsync(listener);
    }

    /// <summary>The next to be accepted is the honest peer: the stranger never was.</summary>
    private async Task AssertNobodyElseSuffersAsync(IListener listener)
    {
        using var third = EcKeys.Generate();
        await using var dialled = await Transport(third).DialAsync(listener.Address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
        Assert.Equal(third.Self, accepted.Peer);
    }

    private async Task ExpectHangupAsync(Socket stranger)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stranger.ReceiveAsync(buffer, Stop) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is a hangup too.
        }
    }

    private static SslClientAuthenticationOptions Options(
        X509Certificate2? certificate,
        SslProtocols protocol) => new()
        {
            TargetHost = "any",
            ClientCertificates = certificate is null ? null : [certificate],
            EnabledSslProtocols = protocol,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };

    private static X509Certificate2 SelfSigned(ECDsa key) =>
        new CertificateRequest("CN=any", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
}
