using System.Numerics;
using System.Security.Cryptography;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Points of the curve P-256 between their compressed and their full form, which is what the BCL
/// imports. Source: SEC 1, 2.3.4; SP 800-186, 3.2.1.3.
/// </summary>
internal static class P256
{
    private static readonly BigInteger P = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224)
        + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;

    private static readonly BigInteger B = BigInteger.Parse(
        "05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>y = (x³ − 3x + b)^((p+1)/4) mod p; refuses x ≥ p and non-squares.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> key, out ECPoint point)
    {
        point = default;
        var x = new BigInteger(key[1..], isUnsigned: true, isBigEndian: true);
        if (x >= P)
        {
            return false;
        }

        var square = ((x * x * x - 3 * x + B) % P + P) % P;
        var y = BigInteger.ModPow(square, (P + 1) / 4, P);
        if (y * y % P != square)
        {
            return false;
        }

        if (y.IsEven != (key[0] == 2))
        {
            y = P - y;
        }

        point = new ECPoint { X = key[1..].ToArray(), Y = Coordinate(y) };
        return true;
    }

    public static byte[] Compress(ECPoint point) =>
        [(byte)(2 + (point.Y![^1] & 1)), .. point.X!];

    private static byte[] Coordinate(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[32];
        bytes.CopyTo(padded, 32 - bytes.Length);
        return padded;
    }
}
