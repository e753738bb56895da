using System.Numerics;
using System.Security.Cryptography;

namespace Gossip.Adversary.Tls;

/// <summary>
/// Signs with Ed25519 (RFC 8032), which .NET has no type for: slowly, and for attacks only.
/// </summary>
internal sealed class Ed25519
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252)
        + BigInteger.Parse("27742317777372353535851937790883648493",
            System.Globalization.CultureInfo.InvariantCulture);

    private static readonly BigInteger D = Mod(-121665 * Invert(121666));

    private static readonly (BigInteger X, BigInteger Y) Base = (
        BigInteger.Parse(
            "15112221349535400772501151409588531511454012693041857206046113283949847762202",
            System.Globalization.CultureInfo.InvariantCulture),
        Mod(4 * Invert(5)));

    private readonly BigInteger _secret;
    private readonly byte[] _prefix;

    public Ed25519(byte[] seed)
    {
        var hash = SHA512.HashData(seed);
        hash[0] &= 248;
        hash[31] = (byte)((hash[31] & 127) | 64);
        (_secret, _prefix) = (Number(hash[..32]), hash[32..]);
        PublicKey = Encode(Multiply(_secret));
    }

    public byte[] PublicKey { get; }

    public byte[] Sign(byte[] message)
    {
        var r = Number(SHA512.HashData([.. _prefix, .. message])) % L;
        var point = Encode(Multiply(r));
        var k = Number(SHA512.HashData([.. point, .. PublicKey, .. message])) % L;
        return [.. point, .. Bytes((r + (k * _secret)) % L)];
    }

    private static (BigInteger X, BigInteger Y) Multiply(BigInteger factor)
    {
        var (sum, power) = ((X: BigInteger.Zero, Y: BigInteger.One, Z: BigInteger.One),
            (Base.X, Base.Y, Z: BigInteger.One));
        for (; factor > 0; factor >>= 1)
        {
            sum = factor.IsEven ? sum : Add(sum, power);
            power = Add(power, power);
        }

        var inverse = Invert(sum.Z);
        return (Mod(sum.X * inverse), Mod(sum.Y * inverse));
    }

    /// <summary>Projective, so that only the result is divided.</summary>
    private static (BigInteger X, BigInteger Y, BigInteger Z) Add(
        (BigInteger X, BigInteger Y, BigInteger Z) a, (BigInteger X, BigInteger Y, BigInteger Z) b)
    {
        var z = Mod(a.Z * b.Z);
        var (x, y) = (Mod(a.X * b.X), Mod(a.Y * b.Y));
        var product = Mod(D * x * y);
        var (less, more) = ((z * z) - product, (z * z) + product);
        return (
            Mod(z * less * (((a.X + a.Y) * (b.X + b.Y)) - x - y)),
            Mod(z * more * (x + y)),
            Mod(less * more));
    }

    private static byte[] Encode((BigInteger X, BigInteger Y) point)
    {
        var bytes = Bytes(point.Y);
        bytes[31] |= (byte)(point.X.IsEven ? 0 : 128);
        return bytes;
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        number.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true);

    private static BigInteger Mod(BigInteger number) => ((number % P) + P) % P;

    private static BigInteger Invert(BigInteger number) =>
        BigInteger.ModPow(Mod(number), P - 2, P);
}
