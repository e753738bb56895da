using System.IO.Compression;
using Gossip.Actors;
using Gossip.Actors.Wire;
using Gossip.Fuzz.Loops;
using Google.Protobuf;
using Proto = Gossip.Actors.Wire.Proto;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// What does a compressed frame open to? A third of the mutated ones are compressed anew, so that
/// what is in them is whole; of the others most end in the decompressor.
/// </summary>
internal sealed class CompressedFrameTarget() : ProtobufTarget(Proto.Frame.Descriptor)
{
    private static readonly int OpenedBytesMax = new GossipSizes().FrameBytesMax;

    private readonly byte[] _room = new byte[2 * OpenedBytesMax];

    public override string Name => "compressed-frame";

    public override int BytesMax => 64 * 1024;

    /// <summary>
    /// Beside the usual what is opened: that a frame grows is the purpose of it, so no multiple of
    /// its own bytes as low as four can hold. What holds is the promise of
    /// <see cref="CompressedFrame"/>: no more than a frame may have, nor than
    /// <see cref="CompressedFrame.RatioMax"/> times what came.
    /// </summary>
    public override long Allowance(byte[] input) => base.Allowance(input)
        + Math.Min(OpenedBytesMax, (long)CompressedFrame.RatioMax * input.Length);

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var frame = Frame(random);
            yield return CompressedFrame.Of(frame);
            yield return Compressed(
                frame, random.Next(0, 6), random.Next(10, 25), frame.Length - random.Next(-1, 2));
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        if (random.Next(3) != 0 || Opened(input) is not { } opened)
        {
            return base.Mutate(input, other, random);
        }

        var frame = Inputs.Havoc.Mutate(opened, Opened(other) ?? other, random);
        var claim = random.Next(4) == 0 ? random.Next(2 * frame.Length + 1) : frame.Length;
        return Compressed(frame, random.Next(0, 3), random.Next(10, 20), claim);
    }

    public override Func<object?> Decoding(byte[] input) => () =>
    {
        if (!CompressedFrame.IsOne(input))
        {
            return null;
        }

        try
        {
            _ = CompressedFrame.SizeOf(input);
            return CompressedFrame.Open(input, OpenedBytesMax);
        }
        catch (FormatException e)
        {
            return e;
        }
    };

    public override string Judge(byte[] input, object? result) => result switch
    {
        null => "not compressed",
        FormatException { Message.Length: > 0 } => "refused",
        ReadOnlyMemory<byte> opened => Checked(input, opened),
        _ => throw new BrokenPromiseException("neither a frame nor a reason"),
    };

    /// <summary>Asked of the BCL: it knows nothing of our limits.</summary>
    private string Checked(byte[] input, ReadOnlyMemory<byte> opened)
    {
        if (!Opened(input).AsSpan().SequenceEqual(opened.Span))
        {
            throw new BrokenPromiseException("it opens to other bytes");
        }

        if (opened.Length > OpenedBytesMax || opened.Length > CompressedFrame.SizeOf(input)
            || CompressedFrame.IsOne(opened))
        {
            throw new BrokenPromiseException("it opens to more than it may");
        }

        var again = CompressedFrame.Of(opened.ToArray());
        return !CompressedFrame.IsOne(again) ? "a frame that does not shrink"
            : CompressedFrame.Open(again, OpenedBytesMax).Span.SequenceEqual(opened.Span)
                ? "a frame"
                : throw new BrokenPromiseException("a frame changes when compressed again");
    }

    /// <summary>Null when it is none, or is more than twice the limit.</summary>
    private byte[]? Opened(byte[] input)
    {
        try
        {
            var compressed = Proto.Frame.Parser.ParseFrom(input).Compressed?.Brotli;
            return compressed is not null
                && BrotliDecoder.TryDecompress(compressed.Span, _room, out var bytes)
                    ? _room[..bytes]
                    : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>As a peer may send it whose encoder is another, or lies.</summary>
    private static byte[] Compressed(byte[] frame, int quality, int window, int claim)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(frame.Length)];
        BrotliEncoder.TryCompress(frame, buffer, out var bytes, quality, window);
        return new Proto.Frame
        {
            Compressed = new()
            {
                Bytes = (uint)Math.Max(0, claim),
                Brotli = ByteString.CopyFrom(buffer, 0, bytes),
            },
        }.ToByteArray();
    }

    /// <summary>Of some words, some noise and some zeros.</summary>
    private static byte[] Frame(Random random)
    {
        var frame = new byte[random.Next(3) == 0
            ? random.Next(64 * 1024) : CompressedFrame.BytesMin + random.Next(400)];
        for (var at = 0; at < frame.Length;)
        {
            var part = frame.AsSpan(at, Math.Min(frame.Length - at, random.Next(1, 400)));
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(part);
                    break;
                case 1:
                    part.Fill((byte)random.Next(256));
                    break;
            }

            at += part.Length;
        }

        return frame;
    }
}
