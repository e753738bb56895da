using System.Text;
using Gossip.Actors.Protocol;

namespace Gossip.Tests.Protocol;

public sealed class HashTests
{
    [Fact]
    public void A_hash_is_sha256_of_tag_and_data()
    {
        // FIPS 180-2, appendix B.1: SHA-256("abc").
        const string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Assert.Equal(abc, Hash.OfBytes("abc"u8).ToString());
        Assert.Equal(abc, Hash.Of("a", "bc"u8).ToString());
        Assert.Equal(abc[..32], Hash.OfBytes("abc"u8).Prefix.ToString("x32", null));
    }

    [Fact]
    public void Hashes_sort_as_their_bytes()
    {
        Hash[] hashes = [.. Enumerable.Range(0, 200).Select(i => Hash.OfBytes([(byte)i]))];
        Assert.Equal(hashes.OrderBy(h => h.ToString(), StringComparer.Ordinal), hashes.Order());
        Assert.All(hashes, h => Assert.Equal(h, Hash.Read(h.ToArray())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_hash_of_another_length_is_refused(int bytes) =>
        Assert.Throws<FormatException>(() => Hash.Read(new byte[bytes]));

    [Fact]
    public void An_id_has_one_spelling()
    {
        var id = EntryId.Of("header"u8);
        Assert.True(EntryId.TryParse(id.ToString(), out var back));
        Assert.Equal(id, back);
        var text = id.ToString();
        string[] wrong = ["", text[1..], text + "0", "0x" + text[2..], text[..^1] + "g"];
        Assert.All(
            wrong.Append(text.ToUpperInvariant()),
            w => Assert.False(EntryId.TryParse(w, out _)));
    }

    [Fact]
    public void The_same_bytes_are_another_hash_under_another_tag() => Assert.NotEqual(
        EntryId.Of(Encoding.UTF8.GetBytes("news")).Hash,
        TopicId.OfPublic(new TopicName("news")).Hash);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("caf\u00e9")]
    [InlineData("news\n")]
    [InlineData("\u001b[31mred")]
    public void A_name_that_is_no_topic_name_is_refused_without_repeating_it(string name)
    {
        var refusal = Assert.Throws<FormatException>(() => new TopicName(name)).Message;
        Assert.DoesNotContain(refusal, char.IsControl);
        Assert.True(name.Length == 0 || !refusal.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_topic_name_has_1_to_128_characters()
    {
        Assert.Equal("a/b-c_d.9", new TopicName("a/b-c_d.9").ToString());
        Assert.Null(TopicName.Refusal(new('x', TopicName.BytesMax)));
        Assert.NotNull(TopicName.Refusal(new('x', TopicName.BytesMax + 1)));
        Assert.NotNull(TopicName.Refusal(null));
    }
}
