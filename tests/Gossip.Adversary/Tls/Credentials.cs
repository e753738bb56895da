using System.Security.Cryptography;
using System.Text;

namespace Gossip.Adversary.Tls;

/// <summary>
/// What does a client show of itself, and what does it prove? The two need not belong together.
/// </summary>
internal sealed record Credentials(byte[][] Chain, int SchemeId, Func<byte[], byte[]> Sign)
{
    private const string Honest = "TLS 1.3, client CertificateVerify";

    /// <summary>A node's: P-256, in its one spelling.</summary>
    public static Credentials Of(ECDsa key, byte[]? certificate = null) => new(
        [certificate ?? CraftedCertificate.Of(key.ExportSubjectPublicKeyInfo())],
        Scheme.P256,
        Signer(key, HashAlgorithmName.SHA256));

    public static Func<byte[], byte[]> Signer(ECDsa key, HashAlgorithmName hash) => data =>
        key.SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence);

    public byte[] CertificateMessage() => Spell.Message(
        11,
        [0],
        Spell.Vector(3, [.. Chain.Select(c => Spell.Join(Spell.Vector(3, c), [0, 0]))]));

    public byte[] VerifyMessage(byte[] transcriptHash, string context = Honest) => Spell.Message(
        15,
        Spell.U16(SchemeId),
        Spell.Vector(2, Sign(
        [
            .. Enumerable.Repeat((byte)' ', 64),
            .. Encoding.ASCII.GetBytes(context),
            0,
            .. transcriptHash,
        ])));
}
