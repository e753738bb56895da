using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gossip.Host.Api;

/// <summary>What does the web server take from a caller? Nothing is left at its default.</summary>
internal static class KestrelSettings
{
    // What a request needs, a few times over; fixed, because nobody gains by another value.
    private const int HeadersMax = 64;
    private const int LineBytesMax = 8 * 1024;

    // Connections that gave way and are not closed yet: a second's worth of the worst flood.
    private const long LeavingMax = 4096;

    // Read ahead of the handler: with every connection in use, 64 MiB.
    private const int BufferBytes = 64 * 1024;

    public static void Apply(this KestrelServerOptions kestrel, ApiSettings settings)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;

        // A second wall: the first one counts those who are still on their way out no more. It
        // turns away whoever comes, so it stands far behind the first.
        limits.MaxConcurrentConnections = settings.OpenMax + LeavingMax;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.RequestHeadersTimeout = settings.HeadTimeout;
        limits.KeepAliveTimeout = settings.KeepAliveTimeout;
        limits.MaxRequestHeadersTotalSize = settings.HeadBytesMax;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.MaxRequestLineSize = LineBytesMax;
        limits.MaxRequestBodySize = settings.BodyBytesMax;
        limits.MaxRequestBufferSize = Math.Max(BufferBytes, settings.HeadBytesMax);
        limits.MaxResponseBufferSize = BufferBytes;
        var rate = new MinDataRate(settings.RateBytesMin, settings.RateGrace);
        limits.MinRequestBodyDataRate = rate;
        limits.MinResponseDataRate = rate;
    }

    /// <summary>Of a request's line and its headers together.</summary>
    public static int HeadBytesMax(ApiSettings settings) => LineBytesMax + settings.HeadBytesMax;

    /// <summary>
    /// HTTP/1.1 alone: nothing here needs streams inside a connection, nor their attacks.
    /// </summary>
    public static void Apply(
        this ListenOptions listen, ApiSettings settings, X509Certificate2Collection certificates)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (certificates is [var own, ..])
        {
            listen.UseHttps(https =>
            {
                https.ServerCertificate = own;
                https.ServerCertificateChain = [.. certificates.Skip(1)];
                https.SslProtocols = SslProtocols.Tls13;
                https.HandshakeTimeout = settings.TlsTimeout;
            });
        }
    }
}
