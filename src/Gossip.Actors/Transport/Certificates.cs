using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Actors.Transport;

/// <summary>
/// Whose key does a certificate carry? Each node signs its own: TLS proves that the peer has the
/// private key, the key is the DID, and no name, date or issuer in a certificate means anything.
/// </summary>
internal static class Certificates
{
    private const string EcKeyOid = "1.2.840.10045.2.1";

    /// <summary>The curve's object identifier in DER; explicit parameters are refused.</summary>
    private static readonly byte[] P256Parameters =
        [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    // Dates that no clock is outside of: a wrong clock must not part two nodes.
    private static readonly DateTimeOffset Begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    public static SslStreamCertificateContext SelfSigned(EcKeys keys)
    {
        using var key = keys.CopyKey();
        var request = new CertificateRequest("CN=gossip", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(Begin, End);
        return SslStreamCertificateContext.Create(certificate, null, offline: true);
    }

    /// <summary>Null unless it carries an uncompressed P-256 key, in its one spelling.</summary>
    public static Did? DidOf(X509Certificate? certificate)
    {
        if (certificate is not X509Certificate2 { PublicKey: var key }
            || key.Oid.Value != EcKeyOid
            || !P256Parameters.AsSpan().SequenceEqual(key.EncodedParameters?.RawData)
            || key.EncodedKeyValue.RawData is not [4, ..] point
            || point.Length != 65)
        {
            return null;
        }

        return Did.FromKey([(byte)(2 + (point[64] & 1)), .. point[1..33]]);
    }

    public static SslServerAuthenticationOptions Server(SslStreamCertificateContext own) => new()
    {
        ServerCertificateContext = own,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateChainPolicy = NoChain(),
        RemoteCertificateValidationCallback = IsPeer,
    };

    public static SslClientAuthenticationOptions Client(SslStreamCertificateContext own) => new()
    {
        TargetHost = "gossip",
        ClientCertificateContext = own,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateChainPolicy = NoChain(),
        RemoteCertificateValidationCallback = IsPeer,
    };

    private static bool IsPeer(
        object sender,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors errors) => DidOf(certificate) is not null;

    /// <summary>A peer's certificate must not make this node fetch anything.</summary>
    private static X509ChainPolicy NoChain() => new()
    {
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
    };
}
