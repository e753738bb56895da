using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gossip.Adversary.Tls;

/// <summary>The key schedule of TLS 1.3 (RFC 8446, 7.1), for SHA-256 and AES-128-GCM.</summary>
internal sealed class TlsKeys
{
    public const int P256Group = 0x0017;

    private static readonly byte[] Zeros = new byte[32];
    private readonly byte[] _handshake;

    public TlsKeys(byte[] shared, byte[] transcriptHash)
    {
        var early = HKDF.Extract(HashAlgorithmName.SHA256, Zeros, Zeros);
        _handshake = HKDF.Extract(HashAlgorithmName.SHA256, shared, Derived(early));
        ClientSecret = Secret(_handshake, "c hs traffic", transcriptHash);
        ServerSecret = Secret(_handshake, "s hs traffic", transcriptHash);
    }

    public byte[] ClientSecret { get; private set; }

    public byte[] ServerSecret { get; private set; }

    /// <summary>From the server's Finished on; its hash is of everything up to it.</summary>
    public (byte[] Client, byte[] Server) Application(byte[] transcriptHash)
    {
        var master = HKDF.Extract(HashAlgorithmName.SHA256, Zeros, Derived(_handshake));
        return (
            Secret(master, "c ap traffic", transcriptHash),
            Secret(master, "s ap traffic", transcriptHash));
    }

    public static byte[] Finished(byte[] secret, byte[] transcriptHash) => HMACSHA256.HashData(
        Expand(secret, "finished", [], 32), transcriptHash);

    public static byte[] Expand(byte[] secret, string label, byte[] context, int length) =>
        HKDF.Expand(
            HashAlgorithmName.SHA256,
            secret,
            length,
            Spell.Join(
                Spell.U16(length),
                Spell.Vector(1, Encoding.ASCII.GetBytes($"tls13 {label}")),
                Spell.Vector(1, context)));

    private static byte[] Secret(byte[] from, string label, byte[] transcriptHash) =>
        Expand(from, label, transcriptHash, 32);

    private static byte[] Derived(byte[] secret) =>
        Secret(secret, "derived", SHA256.HashData([]));
}

/// <summary>Seals and opens the records of one direction under one secret.</summary>
internal sealed class RecordKeys(byte[] secret) : IDisposable
{
    public const int TagBytes = 16;

    private readonly AesGcm _aes = new(TlsKeys.Expand(secret, "key", [], 16), TagBytes);
    private readonly byte[] _iv = TlsKeys.Expand(secret, "iv", [], 12);
    private ulong _number;

    public byte[] Secret => secret;

    /// <summary>A whole record: the content, its type, and padding are hidden.</summary>
    public byte[] Seal(int type, byte[] content)
    {
        byte[] plain = [.. content, (byte)type];
        byte[] head = [23, 3, 3, .. Spell.U16(plain.Length + TagBytes)];
        var body = new byte[plain.Length + TagBytes];
        _aes.Encrypt(
            Nonce(), plain, body.AsSpan(0, plain.Length), body.AsSpan(plain.Length), head);
        return [.. head, .. body];
    }

    /// <exception cref="AuthenticationTagMismatchException">Under other keys.</exception>
    public (int Type, byte[] Content) Open(byte[] head, byte[] body)
    {
        var plain = new byte[body.Length - TagBytes];
        _aes.Decrypt(
            Nonce(), body.AsSpan(0, plain.Length), body.AsSpan(plain.Length), plain, head);
        var end = plain.AsSpan().LastIndexOfAnyExcept((byte)0);
        return (plain[end], plain[..end]);
    }

    public void Dispose() => _aes.Dispose();

    private byte[] Nonce()
    {
        var nonce = (byte[])_iv.Clone();
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, _number++);
        for (var i = 0; i < number.Length; i++)
        {
            nonce[4 + i] ^= number[i];
        }

        return nonce;
    }
}
