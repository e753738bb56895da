using System.Security.Cryptography;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

[Row("D1")]
public sealed class DidTests
{
    private const string Known = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
    private const string Base58Digits =
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    [Theory]
    [InlineData(Known)]
    [InlineData("did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv")]
    public void The_vectors_of_the_did_key_method_read_and_write(string text)
    {
        var did = Did.Parse(text);
        Assert.Equal(text, did.ToString());
        Assert.Equal(text[^8..], did.Tail);
        Assert.True(P256.TryDecompress(did.Key, out var point));
        Assert.True(IsOnCurve(point));
    }

    [Fact]
    public void A_vector_has_the_coordinates_of_its_published_key()
    {
        Assert.True(P256.TryDecompress(Did.Parse(Known).Key, out var point));
        Assert.Equal("fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI", Base64Url(point.X!));
        Assert.Equal("hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU", Base64Url(point.Y!));
    }

    [Fact]
    public void Fresh_keys_come_back_as_they_were()
    {
        for (var i = 0; i < 2000; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(false).Q;
            var did = Did.Parse(Did.FromKey(P256.Compress(point)).ToString());
            Assert.True(P256.TryDecompress(did.Key, out var back));
            Assert.Equal(point.X, back.X);
            Assert.Equal(point.Y, back.Y);
        }
    }

    [Fact]
    public void A_mutated_spelling_is_refused_or_another_key()
    {
        var random = new Random(11);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var texts = new[] { Known, Did.FromKey(Some.CompressedKey(key)).ToString() };
        var accepted = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var mutated = Mutate(texts[i % 2], random);
            if (Did.TryParse(mutated, out var did, out var reason))
            {
                accepted++;
                Assert.Equal(mutated, did.ToString());
            }
            else
            {
                Assert.NotEmpty(reason);
            }
        }

        Assert.InRange(accepted, 1, 9_999);
    }

    [Theory]
    [InlineData("")]
    [InlineData("did:key:z")]
    [InlineData("did:key:z1")]
    [InlineData("did:key:z111111111111111111111111111111111111")]
    [InlineData("did:key:uDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")]
    [InlineData("did:web:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")]
    [InlineData("DID:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")]
    [InlineData("did:key:z1DnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")]
    [InlineData("did:key:z11DnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU216")]
    [InlineData(" " + Known)]
    [InlineData(Known + " ")]
    [InlineData(Known + "\n")]
    [InlineData(Known + "\0")]
    [InlineData(Known + "1")]
    [InlineData(Known + "#" + "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")]
    [InlineData("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")]
    public void Every_other_spelling_is_refused(string text)
    {
        Assert.False(Did.TryParse(text, out _, out var reason));
        Assert.NotEmpty(reason);
        Assert.Throws<FormatException>(() => Did.Parse(text));
    }

    [Fact]
    public void Base64url_of_the_same_key_is_refused()
    {
        byte[] bytes = [0x80, 0x24, .. Did.Parse(Known).Key];
        Assert.False(Did.TryParse($"did:key:u{Base64Url(bytes)}", out _, out _));
    }

    [Fact]
    public void A_wrong_codec_or_form_or_length_is_refused()
    {
        var key = Did.Parse(Known).Key.ToArray();
        Assert.True(P256.TryDecompress(key, out var point));
        Assert.True(Did.TryParse(Spell([0x80, 0x24, .. key]), out _, out _));
        byte[][] wrong =
        [
            [0xe7, 0x01, .. key], // secp256k1-pub
            [0x81, 0x24, .. key], // P-384
            [0x12, 0x00, .. key], // the multicodec without its varint
            [.. key],
            [0x80, 0x24, 0x04, .. point.X!, .. point.Y!],
            [0x80, 0x24, 0x04, .. key.AsSpan(1)],
            [0x80, 0x24, 0x00, .. key.AsSpan(1)],
            [0x80, 0x24, .. key, 0],
            [0x80, 0x24, .. key.AsSpan(..^1)],
        ];
        Assert.All(wrong, w => Assert.False(Did.TryParse(Spell(w), out _, out _)));
    }

    [Fact]
    public void A_point_off_the_curve_is_refused()
    {
        var refused = 0;
        for (byte last = 0; last < 40; last++)
        {
            var key = new byte[Did.KeyBytes];
            (key[0], key[^1]) = (2, last);
            var isPoint = P256.TryDecompress(key, out var point);
            Assert.Equal(isPoint, Did.TryParse(Spell([0x80, 0x24, .. key]), out _, out _));
            Assert.True(!isPoint || IsOnCurve(point));
            refused += isPoint ? 0 : 1;
        }

        Assert.InRange(refused, 5, 35);
    }

    [Fact]
    public void An_x_beyond_the_field_is_refused()
    {
        // x = p + 5: 5 is the x of a point, so only the range check can refuse it.
        var small = new byte[Did.KeyBytes];
        (small[0], small[^1]) = (2, 5);
        Assert.True(P256.TryDecompress(small, out _));
        var beyond = Convert.FromHexString(
            "02ffffffff00000001000000000000000000000001000000000000000000000004");
        Assert.False(P256.TryDecompress(beyond, out _));
        Assert.False(Did.TryParse(Spell([0x80, 0x24, .. beyond]), out _, out _));
    }

    [Fact]
    public void Equal_keys_are_equal_and_sort_as_their_bytes()
    {
        Did one = Some.Author(1), same = Some.Author(1), two = Some.Author(2);
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, two);
        Assert.True(one.CompareTo(two) < 0 && two.CompareTo(one) > 0 && one.CompareTo(same) == 0);
    }

    [Fact]
    public void Base58_has_one_spelling()
    {
        var random = new Random(5);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            bytes[0] |= 1;
            var text = Base58.Encode(bytes);
            Assert.Equal(bytes, Base58.Decode(text, bytes.Length));
            Assert.Null(Base58.Decode('1' + text, bytes.Length));
            Assert.Null(Base58.Decode('1' + text, bytes.Length + 1));
            Assert.Null(Base58.Decode(text, bytes.Length + 1));
            Assert.Null(Base58.Decode(text, bytes.Length - 1));
        }

        Assert.Equal("StV1DL6CwTryKyV", Base58.Encode("hello world"u8));
        Assert.All("0OIl+/ é", c => Assert.Null(Base58.Decode($"StV1DL6CwTryKy{c}", 11)));
        Assert.Null(Base58.Decode("", 0));
    }

    private static string Spell(ReadOnlySpan<byte> bytes) => "did:key:z" + Base58.Encode(bytes);

    private static string Mutate(string text, Random random)
    {
        var at = random.Next(text.Length);
        return random.Next(5) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, Base58Digits[random.Next(58)].ToString()),
            2 => $"{text[..at]}{(char)(text[at] ^ (1 << random.Next(7)))}{text[(at + 1)..]}",
            3 => $"{text[..^1]}{Base58Digits[random.Next(58)]}",
            _ => $"{text[..at]}{char.ToUpperInvariant(text[at])}{text[(at + 1)..]}",
        };
    }

    private static bool IsOnCurve(ECPoint point)
    {
        // The BCL refuses to import what is off the curve.
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = point,
        });
        return key.KeySize == 256;
    }

    private static string Base64Url(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
