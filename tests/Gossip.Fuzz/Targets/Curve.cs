using System.Numerics;
using System.Security.Cryptography;

namespace Gossip.Fuzz.Targets;

/// <summary>Is this a point of P-256? Asked by the curve's equation, not by our decoder.</summary>
internal static class Curve
{
    private static readonly ECParameters Explicit = ECCurveOf();

    private static readonly BigInteger P = Read(Explicit.Curve.Prime!);
    private static readonly BigInteger A = Read(Explicit.Curve.A!);
    private static readonly BigInteger B = Read(Explicit.Curve.B!);

    public static bool Has(ECPoint point)
    {
        var (x, y) = (Read(point.X!), Read(point.Y!));
        return x < P && y < P && (y * y - (x * x * x + A * x + B)) % P == 0;
    }

    /// <summary>Of the x in a compressed key: is there any y? Euler's criterion.</summary>
    public static bool Has(ReadOnlySpan<byte> key)
    {
        var x = new BigInteger(key[1..], isUnsigned: true, isBigEndian: true);
        var square = (x * x * x + A * x + B) % P;
        return x < P && (square.IsZero || BigInteger.ModPow(square, (P - 1) / 2, P).IsOne);
    }

    private static BigInteger Read(byte[] bytes) =>
        new(bytes, isUnsigned: true, isBigEndian: true);

    private static ECParameters ECCurveOf()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportExplicitParameters(includePrivateParameters: false);
    }
}
