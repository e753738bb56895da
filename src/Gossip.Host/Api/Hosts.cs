using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Gossip.Host.Api;

/// <summary>
/// Was a request meant for this node? The Host header keeps out DNS rebinding: a page whose name
/// its owner points here still says that name. The Origin header keeps out other sites' pages.
/// </summary>
internal sealed class Hosts(IEnumerable<string> names, ApiRefusals refusals)
{
    private readonly HashSet<string> _names = new(names, StringComparer.OrdinalIgnoreCase);

    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (!IsOwn(context, context.Request.Host.Host))
        {
            throw refusals.Refuse(ApiLimit.Host,
                StatusCodes.Status421MisdirectedRequest, "host-refused",
                $"Host '{context.Request.Host}' is not this node's; ask by its address, by a name "
                + "of its certificate, or by one of gossip.http.hosts.");
        }

        foreach (var origin in context.Request.Headers.Origin)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !IsOwn(context, uri.Host))
            {
                throw refusals.Refuse(ApiLimit.Origin,
                    StatusCodes.Status403Forbidden, "origin-refused",
                    $"Pages of '{origin}' may not use this node.");
            }
        }

        await next(context);
    }

    /// <summary>The names and addresses that a certificate is for.</summary>
    public static IEnumerable<string> Of(X509Certificate2? certificate) =>
        certificate?.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames()
                .Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
        ?? [];

    /// <summary>No name leads astray that is an address: only names can be pointed here.</summary>
    private bool IsOwn(HttpContext context, string host) =>
        _names.Contains(host)
        || _names.Contains($"*{host[Math.Max(0, host.IndexOf('.', StringComparison.Ordinal))..]}")
        || ApiAddress.Loopback(host) is not null
        || (IPAddress.TryParse(host, out var address)
            && context.Connection.LocalIpAddress is { } local
            && address.MapToIPv6().Equals(local.MapToIPv6()));
}
