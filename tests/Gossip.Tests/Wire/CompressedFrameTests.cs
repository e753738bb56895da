using System.IO.Compression;
using System.Text;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Wire;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Tests.Wire;

/// <summary>What does a frame lose by being compressed, and what can a bomb do?</summary>
[Row("C8")]
[Collection(MeasuresMemory.Name)]
public sealed class CompressedFrameTests
{
    private const int MiB = 1024 * 1024;
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(
        Enumerable.Range(0, 4000).Select(i => $"reading {i} of a sensor that says {i * 7 % 91}.")));

    [Fact]
    public void A_kilobyte_that_shrinks_is_sent_smaller_and_read_as_it_was()
    {
        foreach (var length in new[] { CompressedFrame.BytesMin, 5000, Text.Length })
        {
            var frame = Text[..length];
            var sent = CompressedFrame.Of(frame);
            Assert.InRange(sent.Length, 1, frame.Length * 3 / 4);
            Assert.Equal(frame.Length, CompressedFrame.SizeOf(sent));
            Assert.Equal(frame, CompressedFrame.Open(sent, MiB));
        }
    }

    [Fact]
    public void What_is_small_does_not_shrink_or_shrinks_too_well_is_sent_as_it_is()
    {
        var random = new byte[100_000];
        new Random(7).NextBytes(random);
        foreach (var frame in new[] { Text[..1023], random, new byte[MiB], [] })
        {
            Assert.Same(frame, CompressedFrame.Of(frame));
        }
    }

    [Fact]
    public void Every_message_arrives_as_it_was_said()
    {
        var names = Samples.Names();
        var compressed = 0;
        var messages = Enumerable.Range(0, 20).SelectMany(s => new Samples(s).OfEveryKind());
        foreach (var message in messages)
        {
            var plain = MessageCodec.Encode(message, names);
            var packed = Pack(plain);
            compressed += packed.Length < plain.Length ? 1 : 0;
            var (expected, actual) = (Decode(plain), Decode(packed));
            Assert.Equal(
                MessageCodec.Encode(((DecodeResult.Read)expected).Message, names),
                MessageCodec.Encode(((DecodeResult.Read)actual).Message, names));
        }

        Assert.InRange(compressed, 1, int.MaxValue);
    }

    [Fact]
    public void The_bytes_are_those_of_the_contract()
    {
        // Frame.compressed (15) of 11 bytes: bytes (1) is 3, brotli (2) is 7 bytes: a window of
        // 2^18, three literals, the end. A peer in another language sends these.
        var golden = Convert.FromHexString("7A0B" + "0803" + "1207" + "03018048692103");
        Assert.Equal("Hi!", Encoding.ASCII.GetString(CompressedFrame.Open(golden, MiB).Span));
    }

    /// <summary>A thousandth of the memory that each would fill, whatever it says.</summary>
    [Theory]
    [InlineData(10L << 30)]
    [InlineData(MiB)]
    [InlineData(16 * MiB)]
    [InlineData(1024)]
    public void A_bomb_of_ten_gigabytes_is_refused_under_32_megabytes(long claimed)
    {
        var bomb = Frame(claimed, Bomb(10L << 30));
        Assert.InRange(bomb.Length, 1000, MiB);
        var before = (Allocated(), Private());
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(RefusalCode.FrameMalformed, Refusal(bomb).Code);
        }

        Assert.InRange(Allocated() - before.Item1, 0, 32 * MiB);
        Assert.InRange(Private() - before.Item2, long.MinValue, 32 * MiB);
        Assert.InRange(CompressedFrame.SizeOf(bomb), 0, Limits.FrameBytesMost);
    }

    [Fact]
    public void The_bomb_is_one()
    {
        using var opened = new BrotliStream(
            new MemoryStream(Bomb(64 * MiB)), CompressionMode.Decompress);
        var (buffer, total) = (new byte[MiB], 0L);
        for (var read = 1; read > 0; total += read)
        {
            read = opened.Read(buffer);
        }

        Assert.InRange(total, 64 * MiB, 100 * MiB);
    }

    [Fact]
    public void A_lie_a_cut_garbage_behind_and_one_in_another_are_refused()
    {
        var whole = CompressedFrame.Of(Text);
        var brotli = Proto.Frame.Parser.ParseFrom(whole).Compressed.Brotli.ToByteArray();
        Assert.Equal(Text, CompressedFrame.Open(Frame(Text.Length, brotli), MiB));
        var hostile = new Dictionary<string, byte[]>
        {
            ["it says less"] = Frame(Text.Length - 1, brotli),
            ["it says more"] = Frame(Text.Length + 1, brotli),
            ["it says nothing"] = Frame(0, brotli),
            ["it is empty"] = Frame(Text.Length, []),
            ["garbage behind"] = Frame(Text.Length, [.. brotli, 0]),
            ["another behind"] = Frame(Text.Length, [.. brotli, .. brotli]),
            ["no brotli"] = Frame(Text.Length, Text[..5000]),
            ["a field beside"] =
                [.. whole, .. MessageCodec.Encode(new GossipMessage.Ping(1), null)],
            ["two of them"] = [.. whole, .. whole],
            ["twice"] = Frame(whole.Length, Brotli(whole, 18)),
            ["a large window"] = Frame(Text.Length, Brotli(Text, 24)),
            ["more than a frame"] = Frame(2 * MiB, Brotli(new byte[2 * MiB], 18)),
            ["more than a hundred times"] = Frame(MiB, Brotli(new byte[MiB], 18)),
        };
        foreach (var cut in Enumerable.Range(0, 40).Select(i => brotli[..(brotli.Length * i / 40)]))
        {
            hostile.Add($"cut at {cut.Length}", Frame(Text.Length, cut));
        }

        // What opens would be refused as well, since it is no message: here it must not open.
        Assert.Empty(hostile.Where(h => Opens(h.Value)).Select(h => h.Key));
        Assert.All(hostile.Values, h =>
            Assert.Equal(RefusalCode.FrameMalformed, Refusal(h).Code));
    }

    [Fact]
    public void Flipped_bits_never_throw_and_never_cost_more_than_a_frame()
    {
        var random = new Random(5);
        var whole = CompressedFrame.Of(Text);
        for (var i = 0; i < 800; i++)
        {
            var frame = (byte[])whole.Clone();
            frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
            var before = Allocated();
            Decode(frame);
            Assert.InRange(Allocated() - before, 0, Text.Length + 64 * 1024);
        }
    }

    [Fact]
    public void Nobody_sends_it_before_the_hello_or_to_who_wants_none()
    {
        var packed = Pack(MessageCodec.Encode(new GossipMessage.Ping(1), null));
        var off = new GossipOptions { Compression = Compression.Off };
        Assert.IsType<DecodeResult.Read>(Decode(packed));
        Assert.IsType<DecodeResult.Refused>(MessageCodec.Decode(packed, null, Samples.Sizes));
        Assert.IsType<DecodeResult.Refused>(MessageCodec.Decode(packed, Samples.Names(), off));
    }

    private static long Allocated() => GC.GetAllocatedBytesForCurrentThread();

    private static long Private()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static DecodeResult Decode(byte[] frame) =>
        MessageCodec.Decode(frame, Samples.Names(), Samples.Sizes);

    private static Effect.Refuse Refusal(byte[] frame) =>
        Assert.IsType<DecodeResult.Refused>(Decode(frame)).Refusal;

    private static bool Opens(byte[] frame)
    {
        try
        {
            return CompressedFrame.Open(frame, MiB).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Pack(byte[] frame) => Frame(frame.Length, Brotli(frame, 18));

    private static byte[] Frame(long bytes, byte[] brotli)
    {
        // By hand: it may claim more than the contract's number holds.
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(Proto.Compressed.BytesFieldNumber, WireFormat.WireType.Varint);
            output.WriteUInt64((ulong)bytes);
            output.WriteTag(
                Proto.Compressed.BrotliFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(brotli));
        }

        using var frame = new MemoryStream();
        using (var output = new CodedOutputStream(frame, leaveOpen: true))
        {
            output.WriteTag(Proto.Frame.CompressedFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(stream.ToArray()));
        }

        return frame.ToArray();
    }

    private static byte[] Brotli(byte[] bytes, int window)
    {
        var buffer = new byte[bytes.Length + 1000];
        Assert.True(BrotliEncoder.TryCompress(bytes, buffer, out var length, 1, window));
        return buffer[..length];
    }

    /// <summary>One flushed block of zeros, again and again.</summary>
    private static byte[] Bomb(long bytes)
    {
        var (zeros, buffer) = (new byte[16 * MiB], new byte[MiB]);
        using var encoder = new BrotliEncoder(5, 18);
        List<byte> bomb = [.. Block(), .. Block()];
        var block = Block();
        for (var made = 3L * zeros.Length; made < bytes; made += zeros.Length)
        {
            bomb.AddRange(block);
        }

        encoder.Compress([], buffer, out _, out var last, isFinalBlock: true);
        return [.. bomb, .. block, .. buffer[..last]];

        byte[] Block()
        {
            var length = 0;
            var rest = zeros.AsSpan();
            while (!rest.IsEmpty)
            {
                encoder.Compress(rest, buffer.AsSpan(length), out var read, out var written, false);
                rest = rest[read..];
                length += written;
            }

            while (encoder.Flush(buffer.AsSpan(length), out var flushed) is var status)
            {
                length += flushed;
                if (status == System.Buffers.OperationStatus.Done)
                {
                    break;
                }
            }

            return buffer[..length];
        }
    }
}
