using System.Buffers;
using System.Buffers.Binary;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Transport;

public sealed class FrameReaderTests
{
    private const int FrameBytesMax = 1024 * 1024;

    [Fact]
    public void However_the_bytes_are_cut_the_frames_are_the_same()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var frames = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
            {
                var frame = new byte[random.Next(0, 50)];
                random.NextBytes(frame);
                return frame;
            }).ToArray();
            var bytes = frames.SelectMany(Framed).ToArray();

            Assert.Equal(frames, ReadAll(Cut(bytes, random)));
        }
    }

    [Fact]
    public void Until_the_last_byte_is_there_nothing_is_taken()
    {
        var bytes = Framed(new byte[20]);
        for (var length = 0; length < bytes.Length; length++)
        {
            var sequence = new ReadOnlySequence<byte>(bytes, 0, length);

            Assert.False(FrameReader.TryRead(ref sequence, FrameBytesMax, out _));
            Assert.Equal(length, sequence.Length);
        }
    }

    [Theory]
    [Row("C7")]
    [InlineData(FrameBytesMax + 1u)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xffff_ffffu)]
    public void A_length_above_the_limit_is_refused_before_anything_is_allocated(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        var sequence = new ReadOnlySequence<byte>(bytes);
        Assert.Throws<TransportException>(Read); // the exception's own code is warm now
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<TransportException>(Read);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);

        void Read() => FrameReader.TryRead(ref sequence, FrameBytesMax, out _);
    }

    private static List<byte[]> ReadAll(ReadOnlySequence<byte> bytes)
    {
        var frames = new List<byte[]>();
        while (FrameReader.TryRead(ref bytes, FrameBytesMax, out var frame))
        {
            frames.Add(frame.ToArray());
        }

        Assert.True(bytes.IsEmpty);
        return frames;
    }

    private static byte[] Framed(byte[] frame) =>
        [0, 0, (byte)(frame.Length >> 8), (byte)frame.Length, .. frame];

    private static ReadOnlySequence<byte> Cut(byte[] bytes, Random random)
    {
        var first = new Segment(default, 0);
        var last = first;
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(0, 9), bytes.Length - at);
            last = last.Append(bytes.AsMemory(at, length));
            at += length;
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long at) =>
            (Memory, RunningIndex) = (memory, at);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
