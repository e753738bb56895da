namespace Gossip.Host.Api;

/// <summary>
/// Who may use the HTTP API, and how much of the node may a caller take? Every default says why;
/// ranges stand in the table of keys.
/// </summary>
internal sealed record ApiSettings
{
    /// <summary>PEM: the certificate, and after it those of its issuers. Null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM: its private key, for its owner's eyes only.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Who may do what. Null: whoever reaches the API, and only on loopback.</summary>
    public string? Tokens { get; init; }

    /// <summary>Names in requests, beside those of the certificate and its address.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>
    /// Connections at once that have asked something. When they are all there, the oldest that has
    /// shown no right yet gives way: who only connects keeps nobody out.
    /// </summary>
    public int OpenMax { get; init; } = 1024;

    /// <summary>
    /// Connections at once that have asked nothing yet; the oldest gives way. Each is a socket and
    /// 1 KiB. Many: whoever gives way comes back, and to accept is dearer than to hold.
    /// </summary>
    public int WaitingMax { get; init; } = 8192;

    /// <summary>Connections of one address at once, but for loopback.</summary>
    public int OpenPerAddressMax { get; init; } = 64;

    /// <summary>From connecting to the end of the TLS handshake.</summary>
    public TimeSpan TlsTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the head of a request; an honest one arrives in one packet.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two requests on one connection.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of all headers of a request; a token and a trace need a tenth.</summary>
    public int HeadBytesMax { get; init; } = 16 * 1024;

    /// <summary>Bytes of a body: the largest entry, were every byte of it escaped.</summary>
    public int BodyBytesMax { get; init; } = 6 * 1024 * 1024;

    /// <summary>Bytes of all bodies on their way: what callers can make this node hold.</summary>
    public int BodiesBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// Bytes a second, of a body on its way in and of an answer on its way out; slower is cut off.
    /// </summary>
    public int RateBytesMin { get; init; } = 240;

    /// <summary>How long a body or an answer may be slower: a lost packet is no attack.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Of one token, or of one address without one: some ten times what a busy program asks.
    /// </summary>
    public int RequestsPerSecond { get; init; } = 2000;

    /// <summary>Requests at once, after a silence.</summary>
    public int RequestsBurst { get; init; } = 4000;

    /// <summary>Each begins with the name of a key.</summary>
    public IEnumerable<string> Refusals(string api)
    {
        if ((Certificate is null) != (CertificateKey is null))
        {
            yield return Certificate is null
                ? "certificate: needed, with certificate-key"
                : "certificate-key: needed, with certificate";
        }

        if (BodiesBytesMax < BodyBytesMax)
        {
            yield return $"bodies-bytes-max: at least body-bytes-max ({BodyBytesMax}), not "
                + $"{BodiesBytesMax}";
        }

        if (ApiAddress.Parse(api, out _) is { } address && !ApiAddress.IsLoopback(address)
            && (Tokens is null || Certificate is null))
        {
            yield return $"api: {api} is not on loopback, so it is only offered with tokens and "
                + "TLS. Set gossip.http.tokens (make one: gossip token create), "
                + "gossip.http.certificate and gossip.http.certificate-key";
        }
    }
}
