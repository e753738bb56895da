using System.Buffers;
using System.Buffers.Binary;
using Gossip.Actors.Transport;
using Gossip.Fuzz.Inputs;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Targets;

/// <summary>
/// Where do frames end in what a socket brings, however it is cut? The first byte decides the cuts.
/// </summary>
internal sealed class FrameTarget : Target
{
    private const int FrameBytesMax = 4096;

    public override string Name => "frame";

    public override IEnumerable<byte[]> Samples(Random random)
    {
        while (true)
        {
            var stream = new List<byte> { (byte)random.Next(256) };
            for (var frames = random.Next(1, 6); frames > 0; frames--)
            {
                var prefix = new byte[FrameReader.PrefixBytes];
                var length = random.Next(random.Next(5) == 0 ? FrameBytesMax : 40);
                BinaryPrimitives.WriteInt32BigEndian(prefix, length);
                stream.AddRange([.. prefix, .. new byte[length]]);
            }

            yield return [.. stream];
        }
    }

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        Havoc.Mutate(input, other, random);

    public override Func<object?> Decoding(byte[] input)
    {
        var rest = Cut(input);
        var whole = input.AsMemory(Math.Min(1, input.Length));
        return () => Read(rest, whole.Span);
    }

    public override string Judge(byte[] input, object? result) => (string)result!;

    /// <summary>What is taken and what is left is what was sent, byte for byte.</summary>
    private static string Read(ReadOnlySequence<byte> rest, ReadOnlySpan<byte> whole)
    {
        var frames = 0;
        try
        {
            for (; FrameReader.TryRead(ref rest, FrameBytesMax, out var frame); frames++)
            {
                whole = whole[FrameReader.PrefixBytes..];
                if (!whole.StartsWith(frame.Span))
                {
                    throw new BrokenPromiseException("a frame is not what was sent");
                }

                whole = whole[frame.Length..];
            }
        }
        catch (TransportException)
        {
            return "refused";
        }

        return rest.Length == whole.Length
            ? rest.IsEmpty ? "frames" : "frames and a part"
            : throw new BrokenPromiseException($"{rest.Length} bytes left of {whole.Length}");
    }

    /// <summary>Pieces of one length; the first byte says of which.</summary>
    private static ReadOnlySequence<byte> Cut(byte[] input)
    {
        var stream = input.AsMemory(Math.Min(1, input.Length));
        if (stream.IsEmpty)
        {
            return default;
        }

        var length = 1 + input[0] * stream.Length / 256;
        var first = new Piece(stream[..Math.Min(length, stream.Length)], null);
        var last = first;
        for (var at = length; at < stream.Length; at += length)
        {
            last = new(stream[at..Math.Min(at + length, stream.Length)], last);
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
