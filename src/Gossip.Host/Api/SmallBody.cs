using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>What does a request say in a few words of JSON? Only a publish may say more.</summary>
internal static class SmallBody
{
    private const int BytesMax = 64 * 1024;

    public static async Task<string> ReadAsync(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>()
            .MaxRequestBodySize = BytesMax;
        using var reader = new StreamReader(context.Request.Body);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }

    /// <summary>How many bytes a body may have, where nothing else was said.</summary>
    public static long Limit(HttpRequest request) => request.HttpContext.Features
        .Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? BytesMax;
}
