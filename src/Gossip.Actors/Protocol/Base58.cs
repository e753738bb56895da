namespace Gossip.Actors.Protocol;

/// <summary>Bytes as base58btc text and back; every value has one spelling.</summary>
internal static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // log(256) / log(58) is below this: so many digits a byte at most.
    private const double DigitsPerByte = 1.37;

    /// <summary>For values whose first byte is not zero, as a multicodec prefix never is.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        // The lowest digit first; each byte is added to 256 times what there is.
        var digits = new byte[(int)(bytes.Length * DigitsPerByte) + 1];
        var count = 0;
        foreach (var b in bytes)
        {
            int carry = b;
            for (var i = 0; i < count || carry > 0; i++)
            {
                carry += digits[i] << 8;
                (digits[i], carry) = ((byte)(carry % 58), carry / 58);
                count = Math.Max(count, i + 1);
            }
        }

        return string.Create(count, digits, static (text, digits) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[digits[text.Length - 1 - i]];
            }
        });
    }

    /// <summary>
    /// Null unless the text spells exactly this many bytes; leading 1s are refused.
    /// </summary>
    public static byte[]? Decode(ReadOnlySpan<char> text, int length)
    {
        if (text.IsEmpty || text[0] == '1' || text.Length > length * DigitsPerByte + 1)
        {
            return null;
        }

        // The highest byte first; each digit is added to 58 times what there is.
        var bytes = new byte[length];
        foreach (var c in text)
        {
            var carry = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
            {
                return null;
            }

            for (var i = length - 1; i >= 0; i--)
            {
                carry += bytes[i] * 58;
                (bytes[i], carry) = ((byte)carry, carry >> 8);
            }

            if (carry > 0)
            {
                return null;
            }
        }

        return length > 0 && bytes[0] != 0 ? bytes : null;
    }
}
