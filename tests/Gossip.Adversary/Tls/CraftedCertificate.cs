using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Gossip.Adversary.Tls;

/// <summary>
/// A certificate around any public key, or what is none. Who signed it means nothing to a node, so
/// a key that is thrown away did.
/// </summary>
internal static class CraftedCertificate
{
    private const string EcKey = "1.2.840.10045.2.1";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string EcdsaSha256 = "1.2.840.10045.4.3.2";
    private const string CommonName = "2.5.4.3";

    public static byte[] Of(
        byte[] publicKeyInfo, int beginYear = 2000, int endYear = 2049, int padding = 0)
    {
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = Write(w => Sequence(w, () =>
        {
            using (w.PushSequence(new(TagClass.ContextSpecific, 0)))
            {
                w.WriteInteger(2);
            }

            w.WriteInteger(1);
            Algorithm(w, EcdsaSha256);
            Name(w, "gossip");
            Sequence(w, () =>
            {
                w.WriteUtcTime(new(beginYear, 1, 1, 0, 0, 0, TimeSpan.Zero));
                w.WriteUtcTime(new(endYear, 1, 1, 0, 0, 0, TimeSpan.Zero));
            });
            Name(w, "gossip" + new string('x', padding));
            w.WriteEncodedValue(publicKeyInfo);
        }));
        var signature = issuer.SignData(
            content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Write(w => Sequence(w, () =>
        {
            w.WriteEncodedValue(content);
            Algorithm(w, EcdsaSha256);
            w.WriteBitString(signature);
        }));
    }

    /// <summary>A public key that claims P-256, with any bytes for its point.</summary>
    public static byte[] P256Key(byte[] point) => Key(EcKey, w => w.WriteObjectIdentifier(P256),
        point);

    public static byte[] Ed25519Key(byte[] point) => Key("1.3.101.112", null, point);

    private static byte[] Key(string algorithm, Action<AsnWriter>? parameters, byte[] point) =>
        Write(w => Sequence(w, () =>
        {
            Sequence(w, () =>
            {
                w.WriteObjectIdentifier(algorithm);
                parameters?.Invoke(w);
            });
            w.WriteBitString(point);
        }));

    private static void Algorithm(AsnWriter writer, string id) =>
        Sequence(writer, () => writer.WriteObjectIdentifier(id));

    private static void Name(AsnWriter writer, string name) => Sequence(writer, () =>
    {
        using (writer.PushSetOf())
        {
            Sequence(writer, () =>
            {
                writer.WriteObjectIdentifier(CommonName);
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
            });
        }
    });

    private static void Sequence(AsnWriter writer, Action content)
    {
        using (writer.PushSequence())
        {
            content();
        }
    }

    private static byte[] Write(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
