namespace Gossip.Host.Api;

/// <summary>
/// How much of the node's memory do bodies take that are on their way? Room is taken before the
/// first byte is read, for as long as the request lasts.
/// </summary>
internal sealed class Bodies(ApiSettings settings, ApiRefusals refusals)
{
    private long _taken;

    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        var bytes = Announced(context);
        if (Interlocked.Add(ref _taken, bytes) > settings.BodiesBytesMax)
        {
            Interlocked.Add(ref _taken, -bytes);
            context.Response.Headers.RetryAfter = "1";
            throw refusals.Refuse(ApiLimit.Bodies,
                StatusCodes.Status503ServiceUnavailable, "bodies-full",
                $"Requests of more than {settings.BodiesBytesMax} bytes are under way; ask again "
                + "in 1 s, or raise gossip.http.bodies-bytes-max.");
        }

        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Add(ref _taken, -bytes);
        }
    }

    /// <summary>Who does not say how long it is may send as much as one may.</summary>
    private long Announced(HttpContext context) =>
        Body.IsExpected(context)
            ? Math.Min(context.Request.ContentLength ?? long.MaxValue, settings.BodyBytesMax)
            : 0;
}
