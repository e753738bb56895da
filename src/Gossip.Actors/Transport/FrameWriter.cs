using System.Buffers;
using System.Buffers.Binary;

namespace Gossip.Actors.Transport;

/// <summary>
/// How do queued frames become few writes? Small ones share a buffer with their lengths; a large
/// one is written from where it lies.
/// </summary>
internal static class FrameWriter
{
    /// <summary>
    /// Four TLS records: larger writes gain nothing, and a large frame is no copy.
    /// </summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>
    /// Each write must end before the deadline, which the caller sets anew for each.
    /// </summary>
    public static async ValueTask WriteAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> frames,
        Func<ReadOnlyMemory<byte>, ValueTask> writeAsync)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var used = 0;
            foreach (var frame in frames)
            {
                if (used + FrameReader.PrefixBytes + frame.Length > BufferBytes && used > 0)
                {
                    await writeAsync(buffer.AsMemory(0, used)).ConfigureAwait(false);
                    used = 0;
                }

                BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(used), frame.Length);
                used += FrameReader.PrefixBytes;
                if (used + frame.Length > BufferBytes)
                {
                    await writeAsync(buffer.AsMemory(0, used)).ConfigureAwait(false);
                    await writeAsync(frame).ConfigureAwait(false);
                    used = 0;
                    continue;
                }

                frame.CopyTo(buffer.AsMemory(used));
                used += frame.Length;
            }

            if (used > 0)
            {
                await writeAsync(buffer.AsMemory(0, used)).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
