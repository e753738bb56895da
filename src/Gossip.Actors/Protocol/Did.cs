using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Who: <c>did:key:z…</c> of a compressed P-256 point. One key has exactly one spelling.
/// Source: the did:key method, multicodec p256-pub (0x1200), multibase base58btc.
/// </summary>
public sealed class Did : IEquatable<Did>, IComparable<Did>
{
    public const int KeyBytes = 33;
    private const string Prefix = "did:key:z";
    private static readonly byte[] Multicodec = [0x80, 0x24];

    private readonly KeyBuffer _key;
    private string? _text;

    private Did(ReadOnlySpan<byte> key) => key.CopyTo(_key);

    /// <summary>The compressed point: 0x02 or 0x03, then x.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The last eight characters, enough for a person to tell peers apart.</summary>
    public string Tail => ToString()[^8..];

    /// <summary>
    /// Reads 33 bytes; whether the point lies on the curve is seen when it is used.
    /// </summary>
    public static bool TryFromKey(ReadOnlySpan<byte> key, [NotNullWhen(true)] out Did? did)
    {
        did = key.Length == KeyBytes && key[0] is 2 or 3 ? new Did(key) : null;
        return did is not null;
    }

    public static Did FromKey(ReadOnlySpan<byte> key) => TryFromKey(key, out var did)
        ? did
        : throw new FormatException($"A key is {KeyBytes} bytes that start with 02 or 03.");

    public static Did Parse(string text) => TryParse(text, out var did, out var reason)
        ? did
        : throw new FormatException(reason);

    /// <summary>
    /// Strict: any other spelling of a key, and any point off the curve, is refused.
    /// </summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Did? did,
        [NotNullWhen(false)] out string? reason)
    {
        if (TrySpell(text, out did, out reason) && !P256.TryDecompress(did.Key, out _))
        {
            did = null;
            reason = "The key in this DID is not a point on the curve P-256.";
        }

        return did is not null;
    }

    /// <summary>
    /// The spelling only; whether the point lies on the curve is seen when it is used.
    /// </summary>
    internal static bool TrySpell(
        string text,
        [NotNullWhen(true)] out Did? did,
        [NotNullWhen(false)] out string? reason)
    {
        did = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            reason = $"A DID here starts with '{Prefix}' (a P-256 did:key).";
            return false;
        }

        var bytes = Base58.Decode(text.AsSpan(Prefix.Length), Multicodec.Length + KeyBytes);
        if (bytes is null || !bytes.AsSpan().StartsWith(Multicodec))
        {
            reason = "Not a P-256 did:key: after 'z' come 35 bytes in base58btc, first 0x80 0x24.";
            return false;
        }

        if (!TryFromKey(bytes.AsSpan(Multicodec.Length), out did))
        {
            reason = "A compressed P-256 key starts with 02 or 03.";
            return false;
        }

        reason = null;
        return true;
    }

    public bool Equals(Did? other) => other is not null && Key.SequenceEqual(other.Key);

    public override bool Equals(object? obj) => Equals(obj as Did);

    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Key[1..]);

    public int CompareTo(Did? other) => other is null ? 1 : Key.SequenceCompareTo(other.Key);

    public override string ToString() =>
        _text ??= Prefix + Base58.Encode([.. Multicodec, .. Key]);

    /// <summary>Inside the object: a peer names thousands of authors in one frame.</summary>
    [InlineArray(KeyBytes)]
    private struct KeyBuffer
    {
        private byte _first;
    }
}
