using System.Buffers;
using System.Buffers.Binary;

namespace Gossip.Actors.Transport;

/// <summary>
/// Where does a frame end? Each follows its length: four bytes, the highest first.
/// </summary>
internal static class FrameReader
{
    public const int PrefixBytes = 4;

    /// <summary>
    /// Takes one frame off the front; false while it is not there as a whole. The length is
    /// checked before anything is allocated for it.
    /// </summary>
    /// <exception cref="TransportException">The frame is longer than may be.</exception>
    public static bool TryRead(
        ref ReadOnlySequence<byte> bytes,
        int frameBytesMax,
        out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (bytes.Length < PrefixBytes)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        bytes.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length > frameBytesMax)
        {
            throw new TransportException(
                $"The peer began a frame of {length} bytes; at most {frameBytesMax} are taken.")
            {
                IsFrameTooLarge = true,
            };
        }

        if (bytes.Length < PrefixBytes + length)
        {
            return false;
        }

        frame = bytes.Slice(PrefixBytes, length).ToArray();
        bytes = bytes.Slice(PrefixBytes + length);
        return true;
    }
}
