using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;

namespace Gossip.Host.Api;

/// <summary>Which certificate does the API show? Its own first, then its issuers.</summary>
internal static class ApiCertificate
{
    private const int BytesMax = 256 * 1024;

    /// <summary>Empty without TLS.</summary>
    /// <exception cref="CommandException">tls-unusable: with what to do.</exception>
    public static X509Certificate2Collection Load(ApiSettings settings)
    {
        if (settings is not { Certificate: { } path, CertificateKey: { } keyPath })
        {
            return [];
        }

        try
        {
            var pem = File.ReadAllText(path);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            all[0] = X509Certificate2.CreateFromPem(pem, PrivateFile.Read(keyPath, BytesMax));
            return all;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or CryptographicException or ArgumentException)
        {
            throw CommandException.Failed("tls-unusable",
                $"The API cannot use the certificate {path} with the key {keyPath}: {e.Message} "
                + "Both are PEM, the key unencrypted and with the rights 0600. To make them: "
                + "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 "
                + "-subj /CN=gossip -addext subjectAltName=DNS:NAME,IP:ADDRESS "
                + $"-keyout {keyPath} -out {path}");
        }
    }
}
