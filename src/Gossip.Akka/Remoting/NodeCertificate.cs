using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Gossip.Actors.Runtime;

namespace Gossip.Akka.Remoting;

/// <summary>
/// Which certificate does Akka.Remote show, and whose does it take? TLS is mutual either way.
/// </summary>
/// <remarks>
/// What TLS proves depends on where the certificates come from. Issued by an authority of one's
/// own, they keep strangers out of the actor system altogether: prefer that. Self-signed ones have
/// no chain that could be validated, so validation is off, anybody may connect to the system, and
/// TLS only keeps out who merely listens; who a peer of this library is, is then proven by the
/// handshake of each line alone, which also agrees on keys of its own, so that somebody in the
/// middle can break a line and nothing more. Everything else in the actor system, Akka.Cluster's
/// own messages above all, has no such proof: with self-signed certificates, only peers that may
/// be members of the cluster must be able to reach the port.
/// </remarks>
public static class NodeCertificate
{
    /// <summary>In the data directory, for its owner's eyes only.</summary>
    public const string FileName = "akka-tls.pfx";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Dates that no clock is outside of: a wrong clock must not part two nodes.
    private static readonly DateTimeOffset Begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>Settings for a certificate of this node's own, made when it is missing.</summary>
    /// <exception cref="FileExposedException">Others can read it, with what to do.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static Config SelfSigned(string directory)
    {
        var path = Path.Combine(Path.GetFullPath(directory), FileName);
        if (!File.Exists(path))
        {
            Write(path);
        }

        return Settings(path, "", isSelfSigned: true);
    }

    /// <summary>
    /// Settings for a certificate (PFX) that an authority issued, which this machine trusts: peers
    /// must show one too.
    /// </summary>
    /// <exception cref="FileExposedException">Others can read it, with what to do.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static Config Issued(string path, string password) => File.Exists(path)
        ? Settings(Path.GetFullPath(path), password, isSelfSigned: false)
        : throw new FileNotFoundException($"There is no certificate at {path}.", path);

    private static Config Settings(string path, string password, bool isSelfSigned)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new FileExposedException(
                $"{path} can be used by others than its owner. Run: chmod 600 {path}.");
        }

        return ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp {
              enable-ssl = true
              ssl {
                certificate { path = {{Quote(path)}}, password = {{Quote(password)}} }
                suppress-validation = {{(isSelfSigned ? "true" : "false")}}
                require-mutual-authentication = true
              }
            }
            """);
    }

    private static void Write(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gossip", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Begin, End);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = path + ".new";
        File.Delete(aside);
        using (var file = new FileStream(aside, options))
        {
            file.Write(certificate.Export(X509ContentType.Pkcs12, ""));
        }

        File.Move(aside, path, overwrite: true);
    }

    private static string Quote(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
