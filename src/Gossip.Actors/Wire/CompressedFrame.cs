using System.Buffers;
using System.IO.Compression;
using Google.Protobuf;
using Field = Gossip.Actors.Wire.Proto.Frame.MessageOneofCase;

namespace Gossip.Actors.Wire;

/// <summary>
/// How does a frame travel smaller? Its bytes, compressed, are the one field of another frame,
/// beside how many they are. What that says is checked before anything is allocated for it, and
/// again while it is opened: it may be no more than the limit, nor a hundred times what came.
/// </summary>
/// <remarks>
/// Brotli, at quality 1: it was measured to be the quickest at what does not shrink, and it alone
/// tells where its input ended.
/// </remarks>
internal static class CompressedFrame
{
    /// <summary>Less gains nothing: it fits one packet as it is.</summary>
    public const int BytesMin = 1024;

    /// <summary>Text shrinks ten times, a page of equal payloads thirty times.</summary>
    public const int RatioMax = 100;

    /// <summary>What an opener has to remember: 256 KiB.</summary>
    private const int Window = 18;

    private const int Quality = 1;

    /// <summary>The field's tag and length, and the number: what is around it at most.</summary>
    private const int OverheadBytes = 16;

    /// <summary>The frame, smaller; or as it is, where that gains nothing.</summary>
    public static byte[] Of(byte[] frame)
    {
        if (frame.Length < BytesMin)
        {
            return frame;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            var room = buffer.AsSpan(0, frame.Length - OverheadBytes);
            return BrotliEncoder.TryCompress(frame, room, out var bytes, Quality, Window)
                && frame.Length <= (long)bytes * RatioMax
                ? new Proto.Frame
                {
                    Compressed = new()
                    {
                        Bytes = (uint)frame.Length,
                        Brotli = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, bytes)),
                    },
                }.ToByteArray()
                : frame;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static bool IsOne(ReadOnlyMemory<byte> frame) => !frame.IsEmpty
        && frame.Span[0] == WireFormat.MakeTag(
            (int)Field.Compressed, WireFormat.WireType.LengthDelimited);

    /// <summary>
    /// How many bytes it says it opens to; as many as it has, when it says nothing sensible.
    /// </summary>
    public static int SizeOf(ReadOnlyMemory<byte> frame)
    {
        if (!IsOne(frame))
        {
            return frame.Length;
        }

        try
        {
            return (int)Math.Clamp(Read(frame).Bytes, frame.Length, Protocol.Limits.FrameBytesMost);
        }
        catch (FormatException)
        {
            return frame.Length;
        }
    }

    /// <exception cref="FormatException">It is not what it says, or too much.</exception>
    public static ReadOnlyMemory<byte> Open(ReadOnlyMemory<byte> frame, int bytesMax)
    {
        var (size, compressed) = Read(frame);
        if (size > bytesMax || size > (long)compressed.Length * RatioMax)
        {
            throw new FormatException(
                $"A compressed frame of {size} bytes in {compressed.Length}; at most {bytesMax}, "
                + $"and {RatioMax} times what came, are opened.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Decompress(compressed.Span, buffer.AsSpan(0, size));
            ReadOnlyMemory<byte> opened = buffer.AsSpan(0, size).ToArray();
            return IsOne(opened)
                ? throw new FormatException("A frame is compressed twice.")
                : opened;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Stops where there is no room: what a bomb would go on with is never made.</summary>
    private static void Decompress(ReadOnlySpan<byte> compressed, Span<byte> whole)
    {
        CheckWindow(compressed);
        var decoder = new BrotliDecoder();
        try
        {
            var status = decoder.Decompress(compressed, whole, out var read, out var written);
            if (status != OperationStatus.Done || written != whole.Length
                || read != compressed.Length)
            {
                throw new FormatException(
                    $"A compressed frame ended with {status} after {written} of {whole.Length} "
                    + $"bytes, having read {read} of {compressed.Length}.");
            }
        }
        finally
        {
            decoder.Dispose();
        }
    }

    /// <summary>
    /// The first bits say how much the opener must remember (RFC 7932, section 9.1): up to 16 MiB,
    /// and nobody here needs that.
    /// </summary>
    private static void CheckWindow(ReadOnlySpan<byte> compressed)
    {
        var first = compressed.IsEmpty ? 0 : compressed[0];
        var window = (first & 1) == 0 ? 16
            : (first >> 1 & 7) is > 0 and var more ? 17 + more
            : 17;
        if (window > Window)
        {
            throw new FormatException(
                $"A compressed frame needs a window of 2^{window} bytes; at most 2^{Window}.");
        }
    }

    private static (int Bytes, ReadOnlyMemory<byte> Compressed) Read(ReadOnlyMemory<byte> frame)
    {
        var outer = new WireReader(frame);
        outer.Next();
        var inner = new WireReader(outer.Bytes);
        var bytes = 0UL;
        ReadOnlyMemory<byte> compressed = default;
        while (inner.Next())
        {
            switch (inner.Field)
            {
                case Proto.Compressed.BytesFieldNumber:
                    bytes = inner.Varint;
                    break;
                case Proto.Compressed.BrotliFieldNumber:
                    compressed = inner.Bytes;
                    break;
            }
        }

        return outer.IsAtEnd && bytes is > 0 and <= int.MaxValue
            ? ((int)bytes, compressed)
            : throw new FormatException(
                "A compressed frame says how many bytes it is, and stands alone.");
    }
}
