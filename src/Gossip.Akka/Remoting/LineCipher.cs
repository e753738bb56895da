using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gossip.Akka.Remoting;

/// <summary>What a chunk is for.</summary>
internal enum ChunkKind : byte
{
    /// <summary>Bytes of frames.</summary>
    Data = 1,

    /// <summary>Four bytes: so many were read, and so many more may come.</summary>
    Credit = 2,

    /// <summary>Nothing follows, and nothing more is read.</summary>
    End = 3,
}

/// <summary>
/// What does a chunk look like on the wire? Its kind (1 byte), its number (8), what it carries,
/// sealed with AES-256-GCM, and the seal (16). Each direction has its own key and counts its chunks
/// from zero, so no nonce ever comes twice.
/// </summary>
internal sealed class LineCipher(byte[] key)
{
    public const int KeyBytes = 32;
    public const int OverheadBytes = HeaderBytes + SealBytes;
    private const int HeaderBytes = 9;
    private const int SealBytes = 16;
    private const int NonceBytes = 12;

    // Never disposed: a send that is just ending may still use it.
    private readonly AesGcm _aes = new(key, SealBytes);

    public byte[] Seal(ChunkKind kind, ulong number, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[OverheadBytes + content.Length];
        chunk[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(chunk.AsSpan(1), number);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        chunk.AsSpan(1, 8).CopyTo(nonce[4..]);
        _aes.Encrypt(
            nonce,
            content,
            chunk.AsSpan(HeaderBytes, content.Length),
            chunk.AsSpan(HeaderBytes + content.Length),
            chunk.AsSpan(0, HeaderBytes));
        return chunk;
    }

    /// <summary>The number it claims, which means nothing before it is opened.</summary>
    public static ulong NumberOf(byte[] chunk) =>
        BinaryPrimitives.ReadUInt64BigEndian(chunk.AsSpan(1));

    /// <summary>False when the other end did not seal this. Needs room for the content.</summary>
    public bool TryOpen(byte[] chunk, Span<byte> content, out ChunkKind kind)
    {
        kind = (ChunkKind)chunk[0];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        chunk.AsSpan(1, 8).CopyTo(nonce[4..]);
        try
        {
            _aes.Decrypt(
                nonce,
                chunk.AsSpan(HeaderBytes, chunk.Length - OverheadBytes),
                chunk.AsSpan(chunk.Length - SealBytes),
                content,
                chunk.AsSpan(0, HeaderBytes));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
