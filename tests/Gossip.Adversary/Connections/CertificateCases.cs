using System.Security.Cryptography;
using Gossip.Actors.Protocol;
using Gossip.Adversary.Tls;

namespace Gossip.Adversary.Connections;

/// <summary>Certificates without a node's key, or with one that the client lacks.</summary>
internal static class CertificateCases
{
    private const int PointBytes = 65;

    public static IEnumerable<ConnectionCase> All =>
    [
        Shows("RSA", "a key of 2,048 bits", _ => Rsa()),
        Shows("P-384", "another curve", _ => Curve(ECCurve.NamedCurves.nistP384, Scheme.P384)),
        Shows("P-521", "another curve", _ => Curve(ECCurve.NamedCurves.nistP521, Scheme.P521)),
        Shows("brainpool", "another curve of 256 bits",
            _ => Curve(ECCurve.NamedCurves.brainpoolP256r1, Scheme.Brainpool256)),
        Shows("secp256k1", "another curve of 256 bits, signed as if it were P-256",
            _ => Curve(ECCurve.CreateFromValue("1.3.132.0.10"), Scheme.P256)),
        Shows("Ed25519", "a good one", _ => Edwards()),
        Shows("explicit curve", "P-256, spelled out", s => Explicit(s.Key)),
        Shows("compressed point", "the same key in 33 bytes", s => Point(s, Compressed(s))),
        Shows("hybrid point", "the same key with both", s => Point(s,
            [(byte)(6 + (Q(s).Y![^1] & 1)), .. Q(s).X!, .. Q(s).Y!])),
        Shows("off the curve", "one bit of y flipped",
            s => Point(s, [4, .. Q(s).X!, .. Q(s).Y![..31], (byte)(Q(s).Y![31] ^ 1)])),
        Shows("point at infinity", "one byte", s => Point(s, [0])),
        Shows("point of zeros", "(0, 0)", s => Point(s, [4, .. new byte[64]])),
        Shows("coordinates too large", "x and y above the prime",
            s => Point(s, [4, .. Enumerable.Repeat((byte)0xff, 64)])),
        Shows("point cut short", "64 bytes", s => Point(s, [4, .. Q(s).X!, .. Q(s).Y![..31]])),
        Shows("point with a tail", "66 bytes", s => Point(s, [4, .. Q(s).X!, .. Q(s).Y!, 0])),
        Shows("no point", "an empty key", s => Point(s, [])),
        Shows("another's certificate", "of an honest peer, without its key", s => s.Own with
        {
            Chain = [CraftedCertificate.Of(CraftedCertificate.P256Key(PointOf(s.Scene.Honest)))],
        }),
        Shows("a stranger's certificate", "signed with another key", s => s.Own with
        {
            Chain = Fresh().Chain,
        }),
        Shows("signature of zeros", "64 of them", s => s.Own with { Sign = _ => new byte[64] }),
        Shows("empty signature", "no byte of it", s => s.Own with { Sign = _ => [] }),
        Shows("signature of something else", "a good one, over other bytes",
            s => s.Own with { Sign = data => s.Own.Sign([.. data, 0]) }),
        Shows("signature as raw numbers", "r and s without DER", s => s.Own with
        {
            Sign = data => s.Key.SignData(data, HashAlgorithmName.SHA256),
        }),
        Shows("scheme SHA-1", "which TLS 1.3 does not know", s => s.Own with
        {
            SchemeId = Scheme.Sha1Ecdsa,
            Sign = Credentials.Signer(s.Key, HashAlgorithmName.SHA1),
        }),
        Shows("scheme of another hash", "SHA-384 with P-256", s => s.Own with
        {
            SchemeId = Scheme.P384,
            Sign = Credentials.Signer(s.Key, HashAlgorithmName.SHA384),
        }),
        Shows("scheme of another key", "RSA, over a P-256 key",
            s => s.Own with { SchemeId = Scheme.Pss }),
        Shows("garbage", "500 random bytes for a certificate",
            s => s.Own with { Chain = [RandomNumberGenerator.GetBytes(500)] }),
        Shows("cut short", "half a certificate", s => s.Own with
        {
            Chain = [s.Own.Chain[0][..(s.Own.Chain[0].Length / 2)]],
        }),
        Shows("with a tail", "bytes behind the certificate",
            s => s.Own with { Chain = [[.. s.Own.Chain[0], 1, 2, 3]] }),
        Shows("no bytes", "one certificate of length 0", s => s.Own with { Chain = [[]] }),
        Shows("a megabyte", "one certificate with a name that long", s => s.Own with
        {
            Chain = [Named(s, 1 << 20)],
        }),
        Shows("a chain of 3,000", "a megabyte of strangers behind a good one",
            s => s.Own with { Chain = [s.Own.Chain[0], .. Many(3000)] }),
        Shows("a good one second", "behind one whose key is not there",
            s => s.Own with { Chain = [Fresh().Chain[0], s.Own.Chain[0]] }),
        Oddly("expired", "in 2001: dates mean nothing", s => s.Own with
        {
            Chain = [CraftedCertificate.Of(s.Key.ExportSubjectPublicKeyInfo(), 2000, 2001)],
        }),
        Oddly("not yet", "from 2048: dates mean nothing", s => s.Own with
        {
            Chain = [CraftedCertificate.Of(s.Key.ExportSubjectPublicKeyInfo(), 2048, 2049)],
        }),
        Oddly("a chain of 2", "a stranger behind a good one: issuers mean nothing",
            s => s.Own with { Chain = [s.Own.Chain[0], .. Many(1)] }),
        Oddly("signed by nobody", "its issuer is unknown: it means nothing", s => s.Own),
    ];

    private static ConnectionCase Shows(
        string name, string how, Func<Stranger, Credentials> what) =>
        ConnectionCase.Of($"certificate: {name}", how, Expectation.NoHandshake, async s =>
        {
            await s.HandshakeAsync(what(s));
            await s.Tls.SendAsync(Stranger.Frame(s.Hello()));
        });

    private static ConnectionCase Oddly(
        string name, string how, Func<Stranger, Credentials> what) =>
        new($"certificate: {name}", how, Expectation.Session, async s =>
        {
            await s.HandshakeAsync(what(s));
            return await s.VisitAsync();
        });

    private static ECPoint Q(Stranger stranger) => stranger.Key.ExportParameters(false).Q;

    private static byte[] Compressed(Stranger stranger) => stranger.Keys.Self.Key.ToArray();

    private static byte[] PointOf(Did did) => P256.TryDecompress(did.Key, out var q)
        ? [4, .. q.X!, .. q.Y!]
        : new byte[PointBytes];

    /// <summary>A certificate with these bytes for its key; whatever is signed, truly is.</summary>
    private static Credentials Point(Stranger stranger, byte[] point) => stranger.Own with
    {
        Chain = [CraftedCertificate.Of(CraftedCertificate.P256Key(point))],
    };

    private static byte[] Named(Stranger stranger, int bytes) => CraftedCertificate.Of(
        stranger.Key.ExportSubjectPublicKeyInfo(), padding: bytes);

    private static byte[][] Many(int count) => [.. Enumerable.Repeat(Fresh().Chain[0], count)];

    private static Credentials Fresh() =>
        Credentials.Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static Credentials Curve(ECCurve curve, int scheme)
    {
        var key = ECDsa.Create(curve);
        var hash = scheme switch
        {
            Scheme.P384 => HashAlgorithmName.SHA384,
            Scheme.P521 => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        return new(
            [CraftedCertificate.Of(key.ExportSubjectPublicKeyInfo())],
            scheme,
            Credentials.Signer(key, hash));
    }

    private static Credentials Explicit(ECDsa key)
    {
        var spelledOut = ECDsa.Create(key.ExportExplicitParameters(true));
        return Credentials.Of(
            key, CraftedCertificate.Of(spelledOut.ExportSubjectPublicKeyInfo()));
    }

    private static Credentials Rsa()
    {
        var key = RSA.Create(2048);
        return new(
            [CraftedCertificate.Of(key.ExportSubjectPublicKeyInfo())],
            Scheme.Pss,
            data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    private static Credentials Edwards()
    {
        var key = new Ed25519(RandomNumberGenerator.GetBytes(32));
        return new(
            [CraftedCertificate.Of(CraftedCertificate.Ed25519Key(key.PublicKey))],
            Scheme.Ed25519,
            key.Sign);
    }
}
