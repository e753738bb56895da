using System.Globalization;
using System.Net;

namespace Gossip.Host.Api;

/// <summary>
/// Does this come from, and stay on, this machine? The API has no tokens, so it listens on loopback
/// only; the Host header keeps out DNS rebinding, the Origin header other sites' pages.
/// </summary>
internal static class Loopback
{
    /// <summary>Null and a reason when the address is not host:port on loopback.</summary>
    public static IPEndPoint? Parse(string text, out string reason)
    {
        var colon = text.LastIndexOf(':');
        reason = $"API address '{text}': expected host:port, for example 127.0.0.1:7780; "
            + "port 0 lets the system choose.";
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        if (Address(text[..colon]) is { } address)
        {
            return new(address, port);
        }

        reason = $"API address '{text}' is not on loopback: the API has no tokens, so it is only "
            + "offered on 127.0.0.1, ::1 or localhost; reach it from elsewhere through an SSH "
            + "tunnel.";
        return null;
    }

    public static async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (Address(context.Request.Host.Host) is null)
        {
            throw new ApiException(StatusCodes.Status421MisdirectedRequest, "host-refused",
                $"Host '{context.Request.Host}' is not loopback; ask 127.0.0.1 or localhost.");
        }

        foreach (var origin in context.Request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || Address(uri.Host) is null)
            {
                throw new ApiException(StatusCodes.Status403Forbidden, "origin-refused",
                    $"Pages of '{origin}' may not use this node.");
            }
        }

        await next(context);
    }

    private static IPAddress? Address(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? address
        : null;
}
