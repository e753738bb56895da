using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>What does a request say in a few words of JSON? Only a publish may say more.</summary>
internal static class SmallBody
{
    private const int BytesMax = 16 * 1024;

    /// <summary>Null when there is nothing but spaces, or the word null.</summary>
    /// <exception cref="ApiException">
    /// body-too-large, body-invalid: begins with what was expected.
    /// </exception>
    public static async Task<T?> ReadAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, string expected)
        where T : class
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BytesMax;
        }

        var bytes = await Body.ReadAsync(context.Request, BytesMax, context.RequestAborted)
            ?? throw ApiException.TooLarge("body-too-large",
                $"The body has more than {BytesMax} bytes. {expected}.");
        if (bytes.AsSpan().Trim(" \r\n\t"u8).IsEmpty)
        {
            return null;
        }

        if (JsonWords.Odd(bytes) is { } reason)
        {
            throw ApiException.Invalid("body-invalid", $"{expected}: {reason}");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException e)
        {
            throw ApiException.Invalid("body-invalid", $"{expected}: {e.Message}");
        }
    }

    /// <summary>How many bytes a body may have, where nothing else was said.</summary>
    public static long Limit(HttpRequest request) => request.HttpContext.Features
        .Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? BytesMax;
}
