using System.Security.Cryptography;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;

namespace Gossip.Tests.Runtime;

public sealed class EcKeysTests
{
    [Fact]
    [Row("D2")]
    public void Flipping_any_bit_of_header_or_signature_is_refused()
    {
        using var author = EcKeys.Generate();
        using var reader = EcKeys.Generate();
        var header = EntryFormat.Encode(new Header
        {
            Network = "test",
            Topic = TopicId.OfPublic(new("orders")),
            Log = new(author.Self, 7, Admission.None),
            Seq = 2,
            Prev = new(Hash.OfBytes([1])),
            Clock = [new(new(reader.Self, 9, Admission.None), 4, 5)],
            Time = 1_700_000_000_000,
            PayloadCount = 1,
            PayloadBytes = 10,
            PayloadHash = Hash.OfBytes([2]),
        });
        var signature = author.Sign(EntryId.Of(header));
        Assert.True(reader.Verify(author.Self, EntryId.Of(header), signature));

        for (var i = 0; i < header.Length; i++)
        {
            header[i] ^= 1;
            Assert.False(reader.Verify(author.Self, EntryId.Of(header), signature));
            header[i] ^= 1;
        }

        for (var i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 1;
            Assert.False(reader.Verify(author.Self, EntryId.Of(header), signature));
            signature[i] ^= 1;
        }
    }

    [Fact]
    public void A_signature_has_one_length_and_one_author()
    {
        using var author = EcKeys.Generate();
        using var other = EcKeys.Generate();
        var id = new EntryId(Hash.OfBytes([1]));
        var signature = author.Sign(id);

        Assert.Equal(64, signature.Length);
        Assert.False(author.Verify(other.Self, id, signature));
        Assert.False(author.Verify(author.Self, id, signature.AsSpan(0, 63)));
        Assert.False(author.Verify(author.Self, id, (byte[])[.. signature, 0]));
        Assert.False(author.Verify(author.Self, id, new byte[64]));
    }

    [Fact]
    public void The_signature_is_over_a_tagged_hash_that_other_languages_can_make()
    {
        using var author = EcKeys.Generate();
        using var key = author.CopyKey();
        var id = new EntryId(Hash.OfBytes([1]));

        Assert.True(key.VerifyData(
            (byte[])[.. "gossip/signature/1"u8, .. id.Hash.ToArray()],
            author.Sign(id),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void An_author_whose_key_is_off_the_curve_signs_nothing()
    {
        using var keys = EcKeys.Generate();
        var author = Enumerable.Range(0, 100)
            .Select(i => Did.FromKey([2, .. Hash.OfBytes([(byte)i]).ToArray()]))
            .First(did => !Did.TryParse(did.ToString(), out _, out _));

        Assert.False(keys.Verify(author, default, new byte[64]));
    }

    [Fact]
    public void Another_curve_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var k1 = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));

        Assert.Equal("key-invalid", Assert.Throws<GossipException>(() => new EcKeys(p384)).Code);
        Assert.Equal("key-invalid", Assert.Throws<GossipException>(() => new EcKeys(k1)).Code);
    }

    [Fact]
    public async Task Many_threads_may_sign_and_verify_at_once()
    {
        using var keys = EcKeys.Generate();
        var ids = Enumerable.Range(0, 400).Select(i => new EntryId(Hash.OfBytes([(byte)i])));

        var valid = await Task.WhenAll(ids.Select(id => Task.Run(
            () => keys.Verify(keys.Self, id, keys.Sign(id)))));

        Assert.All(valid, Assert.True);
    }

    [Fact]
    public void Authors_beyond_what_is_kept_ready_are_still_verified()
    {
        using var keys = new EcKeys(ECDsa.Create(ECCurve.NamedCurves.nistP256), 2);
        var authors = Enumerable.Range(0, 7).Select(_ => EcKeys.Generate()).ToArray();
        var id = new EntryId(Hash.OfBytes([1]));
        for (var round = 0; round < 3; round++)
        {
            foreach (var author in authors)
            {
                Assert.True(keys.Verify(author.Self, id, author.Sign(id)));
            }
        }

        Assert.InRange(keys.AuthorsReady, 2, 4);
        Array.ForEach(authors, a => a.Dispose());
    }
}
