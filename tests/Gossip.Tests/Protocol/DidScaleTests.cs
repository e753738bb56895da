using System.Security.Cryptography;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

/// <summary>Has each key one spelling, however many are tried?</summary>
[Row("D1")]
public sealed class DidScaleTests
{
    private const int Keys = 100_000;
    private const int Mutations = 10_000;
    private const string Start = "did:key:z";
    private const int KeysMade = 1_000;

    private static readonly byte[] Multicodec = [0x80, 0x24];

    /// <summary>Each makes of a key's DID a text that is none.</summary>
    private static readonly (string Name, Func<byte[], Random, string> Make)[] Wrong =
    [
        ("a varint of three bytes", (key, _) => Spell([0x80, 0xa4, 0x00, .. key])),
        ("another codec", (key, random) => Spell(
            [(byte)random.Next(0x81, 0x100), 0x24, .. key])),
        ("leading ones", (key, random) => Start + new string('1', random.Next(1, 9))
            + Base58.Encode([.. Multicodec, .. key])),
        ("too short", (key, random) => Spell([.. Multicodec, .. key[..random.Next(1, 33)]])),
        ("trailing bytes", (key, random) => Spell(
            [.. Multicodec, .. key, .. new byte[random.Next(1, 40)]])),
        ("uncompressed", (key, _) => Spell(
            [.. Multicodec, 0x04, .. key[1..], .. key[1..]])),
        ("an uncompressed tag", (key, random) => Spell(
            [.. Multicodec, (byte)(4 + random.Next(252)), .. key[1..]])),
        ("off the curve", (key, _) => Spell([.. Multicodec, .. OffTheCurve(key)])),
        ("beyond the field", (key, random) => Spell(
            [.. Multicodec, key[0], .. Enumerable.Repeat((byte)0xff, 31), (byte)random.Next(256)])),
        ("base64url", (key, _) => "did:key:u" + Convert.ToBase64String([.. Multicodec, .. key])
            .TrimEnd('=').Replace('+', '-').Replace('/', '_')),
        ("a fragment", (key, random) => random.Next(2) == 0
            ? $"{Did.FromKey(key)}#{Did.FromKey(key).ToString()["did:key:".Length..]}"
            : $"{Did.FromKey(key)}#z{Did.FromKey(OffTheCurve(key)).Tail}"),
        ("a character that is no digit", (key, random) =>
            Did.FromKey(key).ToString().Insert(
                Start.Length + random.Next(40), "0OIl +/=\0é"[random.Next(9)].ToString())),
        ("another method", (key, random) => string.Concat(
            ((string[])["DID:key:z", "did:KEY:z", "did:web:z", "did:key:Z", "key:z", " did:key:z"])[
                random.Next(6)],
            Did.FromKey(key).ToString().AsSpan(Start.Length))),
    ];

    [Fact]
    public void A_hundred_thousand_keys_are_spelled_in_one_way_and_read_back()
    {
        // Whether a key is a point of the curve takes a hundred times as long: asked of some.
        const int every = 10;
        var (random, points) = (new Random(16), 0);
        var key = new byte[Did.KeyBytes];
        for (var i = 0; i < Keys; i++)
        {
            random.NextBytes(key);
            key[0] = (byte)(2 + i % 2);
            var text = Did.FromKey(key).ToString();
            var bytes = Base58.Decode(text.AsSpan(Start.Length), Multicodec.Length + key.Length);
            Assert.True(bytes.AsSpan().SequenceEqual([.. Multicodec, .. key]), text);
            if (i % every == 0 && Did.TryParse(text, out var did, out _))
            {
                points++;
                Assert.True(did.Key.SequenceEqual(key) && did.ToString() == text, text);
            }
        }

        // Half of all numbers are the x of a point.
        Assert.InRange(points, 0.4 * Keys / every, 0.6 * Keys / every);
    }

    [Fact]
    public void Ten_thousand_mutations_are_refused()
    {
        var random = new Random(15);
        var keys = MakeKeys();
        for (var i = 0; i < Mutations; i++)
        {
            var (name, make) = Wrong[i % Wrong.Length];
            var text = make(keys[i % keys.Length], random);
            Assert.False(Did.TryParse(text, out var did, out var reason), $"{name}: {text}");
            Assert.True(did is null && reason.Length > 0, name);
        }
    }

    [Fact]
    public void What_is_mutated_was_a_did()
    {
        Assert.All(MakeKeys().Take(20), key => Assert.Equal(
            Did.FromKey(key), Did.Parse(Spell([.. Multicodec, .. key]))));
    }

    private static byte[][] MakeKeys() => [.. Enumerable.Range(0, KeysMade).Select(_ =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return P256.Compress(key.ExportParameters(false).Q);
    })];

    private static byte[] OffTheCurve(byte[] key)
    {
        byte[] off = [.. key];
        while (P256.TryDecompress(off, out _))
        {
            off[^1]++;
        }

        return off;
    }

    private static string Spell(ReadOnlySpan<byte> bytes) => Start + Base58.Encode(bytes);
}
