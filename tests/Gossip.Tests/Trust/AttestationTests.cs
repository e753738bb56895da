using Gossip.Actors.Protocol;
using Gossip.Actors.Trust;
using Gossip.Tests.Protocol;
using static Gossip.Tests.Trust.Say;

namespace Gossip.Tests.Trust;

/// <summary>Is a payload an attestation, and if not, is it told why instead of thrown?</summary>
[Row("D10")]
public sealed class AttestationTests
{
    private static readonly Attestation Sample =
        new(Who(1), Weight.OfMillionths(123_456), "met in person: réseau 本番");

    [Fact]
    public void It_comes_back_as_it_was_written()
    {
        Attestation[] all =
        [
            Sample,
            Sample with { Weight = Weight.Withdrawn, Note = "" },
            Sample with { Weight = Weight.OfMillionths(Weight.One), Note = new('x', 128) },
        ];
        Assert.All(all, written =>
        {
            Assert.True(Attestation.TryDecode(written.Encode(), out var read, out _));
            Assert.Equal(written, read);
        });
    }

    [Fact]
    public void Fields_of_later_versions_are_passed_over()
    {
        Assert.True(Attestation.TryDecode(
            (byte[])[.. Sample.Encode(), 0x78, 0x01, 0x82, 0x01, 0x02, 0xff, 0xff],
            out var read, out _));
        Assert.Equal(Sample, read);
    }

    [Theory]
    [InlineData("", "It names no subject.")]
    [InlineData("ff", "cut short")]
    [InlineData("0a05ffffffffff", "A key is 33 bytes")]
    [InlineData("10c1843d", "at most 1000000")]
    [InlineData("10ffffffffffffffffff01", "at most 1000000")]
    [InlineData("1a02fffe", "no UTF-8")]
    [InlineData("0801", "Field 1 has the type")]
    public void Hostile_bytes_are_refused_with_a_reason(string hex, string expected)
    {
        // What is missing is not what is wrong: all but the first have a subject.
        var bytes = Convert.FromHexString(hex);
        byte[] whole = hex is "" or "0a05ffffffffff" ? bytes : [.. Sample.Encode(), .. bytes];
        Assert.False(Attestation.TryDecode(whole, out var read, out var reason));
        Assert.Null(read);
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(129)]
    [InlineData(600)]
    public void What_is_too_long_is_refused(int note)
    {
        var written = Sample with { Note = new('x', note) };
        Assert.False(Attestation.TryDecode(written.Encode(), out _, out var reason));
        Assert.Contains("at most", reason, StringComparison.Ordinal);
        Assert.False(Attestation.IsNote(written.Note));
        Assert.True(Attestation.IsNote(new('x', Attestation.NoteBytesMax)));
        Assert.False(Attestation.IsNote("\ud800"));
    }

    [Fact]
    public void Mutated_bytes_are_read_or_refused_and_never_thrown()
    {
        var random = new Random(7);
        var sample = Sample.Encode();
        var (read, refused) = (0, 0);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = sample.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var isRead = Attestation.TryDecode(
                bytes.AsMemory(0, random.Next(bytes.Length + 1)), out var attestation,
                out var reason);
            Assert.True(isRead ? attestation is not null : reason!.Length > 0);
            (read, refused) = isRead ? (read + 1, refused) : (read, refused + 1);
        }

        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData(0, true, 0)]
    [InlineData(0.000001, true, 1)]
    [InlineData(0.3, true, 300_000)]
    [InlineData(1, true, 1_000_000)]
    [InlineData(0.0000001, false, 0)]
    [InlineData(-0.1, false, 0)]
    [InlineData(1.000001, false, 0)]
    [InlineData(double.NaN, false, 0)]
    [InlineData(double.PositiveInfinity, false, 0)]
    public void A_weight_is_0_to_1_in_millionths(double value, bool isWeight, int millionths)
    {
        Assert.Equal(isWeight, Weight.TryOf(value, out var weight));
        Assert.Equal(isWeight ? millionths : weight.Millionths, weight.Millionths);
    }

    [Fact]
    public void A_log_of_the_topic_of_trust_ends_at_its_limit_and_no_other_does()
    {
        var (trust, news) = (TopicId.OfPublic(SystemTopic.Trust), Some.Header(Log(1), 1).Topic);
        Assert.Null(Refusal(trust, SystemTopic.TrustSeqMax));
        Assert.Equal(RefusalCode.LogFull, Refusal(trust, SystemTopic.TrustSeqMax + 1));
        Assert.Null(Refusal(news, SystemTopic.TrustSeqMax + 1));

        static RefusalCode? Refusal(TopicId topic, long seq) =>
            new EntryRules("test", topic, new Simulation.SimulatedKeys(0))
                .RefusalOf(Some.Signed(Some.Header(Log(1), seq) with { Topic = topic }))?.Code;
    }
}
