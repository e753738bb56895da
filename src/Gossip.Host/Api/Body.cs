using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>
/// What bytes does a request bring? Room is made for what has arrived, never for what a caller
/// claims.
/// </summary>
internal static class Body
{
    /// <summary>The small ones, of one object: many times more than any of them needs.</summary>
    private const int JsonBytesMax = 16 * 1024;

    private const int RoomFirst = 16 * 1024;

    /// <summary>How many bytes a body may have, where nothing else was said.</summary>
    public static long Limit(HttpRequest request) => request.HttpContext.Features
        .Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? JsonBytesMax;

    public static bool IsExpected(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>
    /// Null when there are more. Without tokens, whoever sent a whole one is a stranger no more.
    /// </summary>
    public static async Task<byte[]?> ReadAsync(
        HttpRequest request, int bytesMax, CancellationToken stop)
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
                    request.HttpContext.Features.Get<Connections.Open>()?.Trust();
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

    /// <summary>Null when there is nothing but spaces, or the word null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">Of the one object.</param>
    /// <param name="expected">How it is spelled, for whoever spelled it otherwise.</param>
    /// <param name="stop">The caller has gone.</param>
    public static async Task<T?> ReadJsonAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, string expected, CancellationToken stop)
        where T : class
    {
        var bytes = await ReadAsync(request, JsonBytesMax, stop)
            ?? throw ApiException.TooLarge("body-too-large",
                $"The body has more than {JsonBytesMax} bytes; expected {expected}.");
        if (bytes.AsSpan().Trim(" \r\n\t"u8).IsEmpty)
        {
            return null;
        }

        if (JsonWords.Odd(bytes) is { } reason)
        {
            throw ApiException.Invalid("body-invalid", $"Expected {expected}: {reason}");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException e)
        {
            throw ApiException.Invalid("body-invalid", $"Expected {expected}: {e.Message}");
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
