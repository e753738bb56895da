using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Wire;

public sealed class HostileFrameTests
{
    private static readonly ByteString Token =
        ByteString.CopyFrom(Samples.Names().TokenOf(Samples.Topic).Hash.ToArray());

    [Fact]
    public void A_frame_cut_short_anywhere_is_never_taken_for_the_whole()
    {
        foreach (var message in new Samples(2).OfEveryKind())
        {
            var whole = MessageCodec.Encode(message, Samples.Names());
            for (var length = 0; length < whole.Length; length++)
            {
                var refusal = Refusal(whole.AsMemory(0, length));
                Assert.Equal(RefusalCode.FrameMalformed, refusal.Code);
            }
        }
    }

    [Fact]
    public void Random_and_mutated_frames_never_throw_and_cost_little()
    {
        var random = new Random(20_000);
        var frames = Enumerable.Range(0, 40).SelectMany(seed => new Samples(seed).OfEveryKind())
            .Select(m => MessageCodec.Encode(m, Samples.Names())).ToArray();
        var names = Samples.Names();
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var frame = i % 4 == 0
                ? new Samples(i).Bytes(random.Next(0, 4000))
                : Mutate((byte[])frames[random.Next(frames.Length)].Clone(), random);

            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = MessageCodec.Decode(frame, names, Samples.Sizes);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.InRange(allocated, 0, 4L * frame.Length + 64 * 1024);
            read += result is DecodeResult.Read ? 1 : 0;
        }

        Assert.InRange(read, 1000, 19_000);
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(7, 3)]
    [InlineData(8, 3)]
    [InlineData(9, 4)]
    [InlineData(10, 2)]
    [InlineData(11, 5)]
    public void A_megabyte_of_empty_items_is_refused_cheaply(int kind, int field)
    {
        var body = new byte[34 + 900_000];
        new byte[] { 0x0a, 32 }.CopyTo(body, 0);
        Token.CopyTo(body, 2);
        for (var i = 34; i < body.Length; i += 2)
        {
            body[i] = (byte)(field << 3 | 2);
        }

        var frame = Framed(kind, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Refusal(frame);

        Assert.Equal(RefusalCode.FrameMalformed, refusal.Code);
        Assert.InRange(
            GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L * frame.Length + 64 * 1024);
    }

    [Fact]
    public void A_bad_entry_is_dropped_and_the_rest_of_the_batch_survives()
    {
        var samples = new Samples(4);
        var (good, other) = (Item(samples.Entry(1, 10)), Item(samples.Entry(2, 10)));
        var message = new Proto.Announcement { Topic = Token };
        var shortSignature = Item(samples.Entry(3, 10));
        shortSignature.Signature = ByteString.CopyFrom(new byte[63]);
        var largeHeader = Item(samples.Entry(4, 10));
        largeHeader.Header = ByteString.CopyFrom(new byte[Limits.HeaderBytesMax + 1]);
        var large = Item(samples.Entry(5, 10));
        large.Payloads = ByteString.CopyFrom(new byte[Limits.EntryBytesMax]);
        message.Entries.AddRange([good, shortSignature, largeHeader, large, new(), other]);
        message.Proofs.Add(new Proto.ForkProof());
        var sizes = Samples.Sizes with { FrameBytesMax = 4 << 20 };

        var read = Assert.IsType<DecodeResult.Read>(MessageCodec.Decode(
            new Proto.Frame { Announcement = message }.ToByteArray(), Samples.Names(), sizes));

        var announcement = Assert.IsType<GossipMessage.Announcement>(read.Message);
        Assert.Equal([1, 2], announcement.Entries.Select(e => e.Header.Seq));
        Assert.Equal(
            [
                RefusalCode.HeaderMalformed,
                RefusalCode.HeaderMalformed,
                RefusalCode.EntryTooLarge,
                RefusalCode.HeaderMalformed,
                RefusalCode.ProofInvalid,
            ],
            read.Dropped.Select(d => d.Code));
    }

    [Fact]
    public void Kinds_of_a_later_version_are_skipped()
    {
        Assert.Equal(RefusalCode.MessageUnexpected, Refusal(Framed(12, [1, 2, 3])).Code);
        var beside = (byte[])[.. Framed(12, []), .. new Proto.Frame { Ping = new() }.ToByteArray()];
        Assert.IsType<DecodeResult.Read>(
            MessageCodec.Decode(beside, Samples.Names(), Samples.Sizes));
    }

    [Fact]
    public void Two_messages_in_a_frame_and_none_are_malformed()
    {
        var ping = new Proto.Frame { Ping = new() }.ToByteArray();

        Assert.Equal(RefusalCode.FrameMalformed, Refusal((byte[])[.. ping, .. ping]).Code);
        Assert.Equal(RefusalCode.FrameMalformed, Refusal(Array.Empty<byte>()).Code);
    }

    [Fact]
    [Row("C7")]
    public void A_frame_above_the_limit_is_refused_unread()
    {
        Assert.Equal(
            RefusalCode.FrameTooLarge,
            Refusal(new byte[Samples.Sizes.FrameBytesMax + 1]).Code);
    }

    [Fact]
    public void A_topic_that_is_unknown_or_named_before_the_hello_is_refused()
    {
        var heads = new GossipMessage.Heads(Samples.Topic, []);
        var elsewhere = new TopicNames(new(1), new(9));
        var frame = MessageCodec.Encode(heads, elsewhere);

        Assert.Equal(RefusalCode.TopicUnknown, Refusal(frame).Code);
        var early = MessageCodec.Decode(frame, null, Samples.Sizes);
        Assert.Equal(
            RefusalCode.MessageUnexpected,
            Assert.IsType<DecodeResult.Refused>(early).Refusal.Code);
    }

    [Fact]
    public void An_unknown_topic_in_a_round_leaves_the_others_alone()
    {
        var names = Samples.Names();
        var unknown = TopicId.OfPublic(new("elsewhere"));
        var round = new GossipMessage.AntiEntropy(
            1,
            true,
            RoundStep.Closing,
            default,
            [TopicDigest.OfRoot(unknown, default), TopicDigest.OfRoot(Samples.Topic, default)]);

        var read = Assert.IsType<DecodeResult.Read>(MessageCodec.Decode(
            MessageCodec.Encode(round, names), Samples.Names(), Samples.Sizes));

        var topics = ((GossipMessage.AntiEntropy)read.Message).Topics;
        Assert.Equal(Samples.Topic, Assert.Single(topics).Topic);
        Assert.Equal(RefusalCode.TopicUnknown, Assert.Single(read.Dropped).Code);
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_refused()
    {
        var hello = Hello();
        hello.Hello.Network = ByteString.CopyFrom(0xc3, 0x28);

        Assert.Equal(RefusalCode.FrameMalformed, Refusal(hello.ToByteArray()).Code);
    }

    [Fact]
    public void A_hello_with_impossible_values_is_refused()
    {
        Action<Proto.Hello>[] spoilt =
        [
            h => h.Version = uint.MaxValue,
            h => h.Network = ByteString.CopyFrom(new byte[65]),
            h => h.Key = ByteString.CopyFrom(new byte[33]),
            h => h.Nonce = ByteString.Empty,
            h => h.ListenAddress = ByteString.CopyFrom(new byte[300]),
            h => h.FrameBytesMax = 0,
        ];
        Assert.IsType<DecodeResult.Read>(
            MessageCodec.Decode(Hello().ToByteArray(), null, Samples.Sizes));
        foreach (var spoil in spoilt)
        {
            var frame = Hello();
            spoil(frame.Hello);
            Assert.Equal(RefusalCode.FrameMalformed, Refusal(frame.ToByteArray()).Code);
        }
    }

    private static Proto.Frame Hello() => Proto.Frame.Parser.ParseFrom(
        MessageCodec.Encode(new Samples(1).OfEveryKind().First(), null));

    private static Proto.Entry Item(Entry entry) => new()
    {
        Header = ByteString.CopyFrom(entry.SignedHeader.HeaderBytes.Span),
        Signature = ByteString.CopyFrom(entry.SignedHeader.Signature.Span),
        Payloads = ByteString.CopyFrom(entry.PayloadList.Span),
    };

    private static byte[] Framed(int kind, byte[] body)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(kind, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(body));
        }

        return stream.ToArray();
    }

    private static byte[] Mutate(byte[] frame, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
        }

        return frame[..random.Next(random.Next(3) == 0 ? 1 : frame.Length, frame.Length + 1)];
    }

    private static Effect.Refuse Refusal(ReadOnlyMemory<byte> frame) =>
        Assert.IsType<DecodeResult.Refused>(
            MessageCodec.Decode(frame, Samples.Names(), Samples.Sizes)).Refusal;
}
