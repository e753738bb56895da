using System.Numerics;

namespace Gossip.Actors.Protocol;

/// <summary>Bytes as base58btc text and back; every value has one spelling.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>For values whose first byte is not zero, as a multicodec prefix never is.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new Stack<char>();
        while (!number.IsZero)
        {
            number = BigInteger.DivRem(number, 58, out var digit);
            text.Push(Alphabet[(int)digit]);
        }

        return new string([.. text]);
    }

    /// <summary>
    /// Null unless the text spells exactly this many bytes; leading 1s are refused.
    /// </summary>
    public static byte[]? Decode(ReadOnlySpan<char> text, int length)
    {
        // log(256) / log(58) < 1.37: longer text cannot be that many bytes.
        if (text.IsEmpty || text[0] == '1' || text.Length > length * 1.37 + 1)
        {
            return null;
        }

        var number = BigInteger.Zero;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            number = number * 58 + digit;
        }

        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return bytes.Length == length ? bytes : null;
    }
}
