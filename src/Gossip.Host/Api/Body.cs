using System.Buffers;

namespace Gossip.Host.Api;

/// <summary>
/// What bytes does a request bring? Room is made for what has arrived, never for what a caller
/// claims.
/// </summary>
internal static class Body
{
    private const int RoomFirst = 16 * 1024;

    /// <summary>Null when there are more.</summary>
    public static async Task<byte[]?> ReadAsync(
        HttpRequest request, long bytesMax, CancellationToken stop)
    {
        var room = ArrayPool<byte>.Shared.Rent(RoomFirst);
        try
        {
            for (var count = 0; count <= bytesMax;)
            {
                if (count == room.Length)
                {
                    room = Larger(room);
                }

                var read = await request.Body.ReadAsync(room.AsMemory(count), stop);
                count += read;
                if (read == 0)
                {
                    return room[..count];
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static byte[] Larger(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * full.Length);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
