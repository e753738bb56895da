using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>
/// Where is a node's API, what do we show there, and whom do we believe it to be? A certificate in
/// the authority file is the node's own, whatever it says about names and dates, or an issuer's.
/// </summary>
internal sealed record NodeDoor(string Address, string? Token = null, string? AuthorityFile = null)
{
    private const int BytesMax = 256 * 1024;

    /// <summary>A token is for the node alone: not for whoever carries the bytes there.</summary>
    public Uri Uri => !Uri.TryCreate(Address, UriKind.Absolute, out var uri)
        || uri.Scheme is not ("http" or "https")
            ? throw CommandException.Usage(
                $"API address '{Address}': expected http://host:port, as the node prints it.")
        : uri.Scheme == "http" && Token is not null && !uri.IsLoopback
            ? throw CommandException.Usage(
                $"API address '{Address}': a token would travel in clear; ask with https://.")
        : uri;

    /// <summary>The token alone, in a file that nobody else may read.</summary>
    public static string ReadToken(string path)
    {
        try
        {
            return PrivateFile.Read(path, BytesMax).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed("token-file",
                $"The token in {path} cannot be used: {e.Message}");
        }
    }

    public SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (AuthorityFile is { } path)
        {
            var known = Authorities(path);
            handler.SslOptions = new()
            {
                CertificateChainPolicy = Chain(known),
                RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                    errors == SslPolicyErrors.None || known.Any(own => IsSame(own, shown)),
            };
        }

        return handler;
    }

    private static bool IsSame(X509Certificate2 own, X509Certificate? shown) =>
        shown is not null
        && CryptographicOperations.FixedTimeEquals(own.RawData, shown.GetRawCertData());

    private static X509ChainPolicy Chain(X509Certificate2Collection known)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(known);
        return policy;
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        try
        {
            var known = new X509Certificate2Collection();
            known.ImportFromPemFile(path);
            return known.Count > 0 ? known : throw new CryptographicException("it holds none.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or CryptographicException or ArgumentException)
        {
            throw CommandException.Usage($"--ca {path}: expected certificates in PEM; {e.Message}");
        }
    }
}
