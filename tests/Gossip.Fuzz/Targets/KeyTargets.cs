using System.Security.Cryptography;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Targets;

/// <summary>Who is meant by this DID?</summary>
internal sealed class DidTarget : Target
{
    private readonly TextMutator _mutator = new(
        "did:key:z", "did:key:u", "zDnae", "1", "11", "#", "did", "key", "z6Mkh", "2", "y", "O");

    public override string Name => "did";

    public override int BytesMax => 4096;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var key = new byte[Did.KeyBytes];
            random.NextBytes(key);
            key[0] = (byte)(2 + random.Next(2));
            yield return Encoding.UTF8.GetBytes(Did.FromKey(key).ToString());
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        return () => Did.TryParse(text, out var did, out var reason) ? did : reason;
    }

    public override string Judge(byte[] input, object? result) => result switch
    {
        Did did => did.ToString() == Encoding.UTF8.GetString(input) && Curve.Has(did.Key)
            ? "a DID"
            : throw new BrokenPromiseException($"taken for {did}"),
        string { Length: > 0 } reason => reason,
        _ => throw new BrokenPromiseException("refused without a reason"),
    };
}

/// <summary>Which point do these 33 bytes name?</summary>
internal sealed class KeyTarget : Target
{
    public override string Name => "key";

    public override int BytesMax => 40;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var key = new byte[Did.KeyBytes];
            random.NextBytes(key.AsSpan(random.Next(Did.KeyBytes)));
            key[0] = (byte)(2 + random.Next(2));
            yield return key;
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        Havoc.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input) => () =>
        !Did.TryFromKey(input, out var did) ? "no key"
        : P256.TryDecompress(did.Key, out var point) ? point
        : "no point";

    public override string Judge(byte[] input, object? result) => result is ECPoint point
        ? Curve.Has(point) && P256.Compress(point).AsSpan().SequenceEqual(input)
            ? "a point"
            : throw new BrokenPromiseException("a point off the curve, or of another key")
        : (string)result! == "no point" && Curve.Has(input)
            ? throw new BrokenPromiseException("a point of the curve is refused")
            : (string)result!;
}

/// <summary>Which bytes does this base58 spell? The first byte says how many.</summary>
internal sealed class Base58Target : Target
{
    public override string Name => "base58";

    public override int BytesMax => 4096;

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            bytes[0] |= 1;
            yield return [(byte)bytes.Length, .. Encoding.ASCII.GetBytes(Base58.Encode(bytes))];
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        Havoc.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input.AsSpan(Math.Min(1, input.Length)));
        return () => input.Length == 0 ? null : Base58.Decode(text, input[0]);
    }

    public override string Judge(byte[] input, object? result) => result is not byte[] bytes
        ? "refused"
        : bytes.Length == input[0] && Base58.Encode(bytes) == Encoding.UTF8.GetString(input[1..])
            ? "bytes"
            : throw new BrokenPromiseException("one value, two spellings");
}

/// <summary>Which private key is in this file?</summary>
internal sealed class PemTarget : Target
{
    private readonly TextMutator _mutator = new(
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----",
        "-----END EC PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----", "MIG", "AAAA", "=",
        "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "\n", "/", "+");

    public override string Name => "key-file";

    private readonly Lazy<byte[][]> _samples = new(() => [.. Make()]);

    public override IEnumerable<byte[]> Samples(Random random) => _samples.Value;

    private static IEnumerable<byte[]> Make()
    {
        yield return Encoding.ASCII.GetBytes(Author.Keys.ToPem(null));
        using var key = Author.Keys.CopyKey();
        yield return Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem());
        yield return Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        yield return Encoding.ASCII.GetBytes(other.ExportPkcs8PrivateKeyPem());
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        _mutator.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var text = Encoding.ASCII.GetString(input);
        return () => Read(text);
    }

    public override string Judge(byte[] input, object? result) => result switch
    {
        Did did => Curve.Has(did.Key)
            ? "a key"
            : throw new BrokenPromiseException("a key off the curve"),
        "key-invalid" or "key-locked" => "refused",
        _ => throw new BrokenPromiseException($"refused as {result}"),
    };

    private static object Read(string text)
    {
        try
        {
            using var keys = KeyPem.Read("node.key", text, null);
            return keys.Self;
        }
        catch (GossipException e)
        {
            return e.Code;
        }
    }
}
