using System.Security.Cryptography;

namespace Gossip.Actors.Runtime;

/// <summary>
/// How is a key spelled in a file? As PKCS#8 in PEM; with a passphrase encrypted, by standards that
/// other tools open too (openssl pkey).
/// </summary>
internal static class KeyPem
{
    private const string Encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <summary>
    /// What OWASP asks for PBKDF2 with SHA-256 (2023): 0.2 s a guess, and once per start.
    /// </summary>
    private const int Iterations = 600_000;

    private static readonly PbeParameters Encryption =
        new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations);

    public static string Write(ECDsa key, Passphrase? passphrase) => passphrase is null
        ? key.ExportPkcs8PrivateKeyPem()
        : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase.Text, Encryption);

    /// <summary>The path is only named in what is refused.</summary>
    /// <exception cref="GossipException">
    /// key-invalid, key-locked, key-plain, key-passphrase-wrong: with what to do.
    /// </exception>
    public static EcKeys Read(string path, string pem, Passphrase? passphrase)
    {
        var isEncrypted = pem.Contains(Encrypted, StringComparison.Ordinal);
        if (isEncrypted && passphrase is null)
        {
            throw new GossipException(
                "key-locked",
                $"{path} is encrypted. Name the file with its passphrase: key-passphrase-file (for "
                + "gossip key: --passphrase-file), or set the variable GOSSIP_KEY_PASSPHRASE.");
        }

        if (!isEncrypted && passphrase is not null && pem.Contains("PRIVATE KEY--",
            StringComparison.Ordinal))
        {
            throw new GossipException(
                "key-plain",
                $"{path} is not encrypted, although a passphrase is set. Run gossip key encrypt, "
                + "or take the passphrase away.");
        }

        var key = ECDsa.Create();
        try
        {
            if (isEncrypted)
            {
                key.ImportFromEncryptedPem(pem, passphrase!.Text);
            }
            else
            {
                key.ImportFromPem(pem);
            }

            return new EcKeys(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException
            or PlatformNotSupportedException or GossipException)
        {
            key.Dispose();
            throw isEncrypted && e is not GossipException ? Closed(path, e) : Invalid(path, e);
        }
    }

    private static GossipException Closed(string path, Exception why) => new(
        "key-passphrase-wrong",
        $"The passphrase does not open {path}. It is another one, or the file is damaged: then "
        + "restore it from a backup.",
        why);

    private static GossipException Invalid(string path, Exception why) => new(
        "key-invalid",
        $"{path} holds no P-256 private key in PEM (PKCS#8): {why.Message} Restore it from a "
        + "backup, or delete it: the node gets a new identity.",
        why);
}
