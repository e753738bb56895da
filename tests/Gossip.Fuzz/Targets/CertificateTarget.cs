using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gossip.Actors.Protocol;
using Gossip.Actors.Transport;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Targets;

/// <summary>Whose key is in this certificate? A P-256 key, or none.</summary>
internal sealed class CertificateTarget : Target
{
    private static readonly DateTimeOffset Begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TreeMutator _mutator = new(new DerGrammar());

    public override string Name => "certificate";

    private readonly Lazy<byte[][]> _samples = new(() => [.. Make()]);

    public override IEnumerable<byte[]> Samples(Random random) => _samples.Value;

    private static IEnumerable<byte[]> Make()
    {
        using var own = Author.Keys.CopyKey();
        yield return Make(new("CN=gossip", own, HashAlgorithmName.SHA256));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        yield return Make(new("CN=gossip", other, HashAlgorithmName.SHA384));
        using var rsa = RSA.Create(1024);
        yield return Make(
            new("CN=rsa", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var request = new CertificateRequest("CN=extended", own, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 3, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(
            request.PublicKey, critical: false));
        yield return Make(request);
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input) => () => Read(input);

    public override string Judge(byte[] input, object? result) => result switch
    {
        null => "no P-256 key",
        string reason => reason,
        Did { Key: [2 or 3, ..] } => "a key",
        _ => throw new BrokenPromiseException($"taken for {result}"),
    };

    private static object? Read(byte[] input)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(input);
            return Certificates.DidOf(certificate);
        }
        catch (CryptographicException)
        {
            // The loader's word for what is no certificate; TLS ends the handshake with it.
            return "no certificate";
        }
    }

    private static byte[] Make(CertificateRequest request)
    {
        using var made = request.CreateSelfSigned(Begin, Begin.AddYears(50));
        return made.RawData;
    }
}
