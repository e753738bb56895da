using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Gossip.Host.Api;

/// <summary>
/// Does a caller ask too often? Each token has a bucket of its own; without one, each address: a
/// stranger at the same address takes nothing from whoever has a token.
/// </summary>
internal sealed class RequestRate(ApiSettings settings, ApiRefusals refusals) : IAsyncDisposable
{
    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<string> _buckets =
        PartitionedRateLimiter.Create<string, string>(caller =>
            RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
            {
                TokenLimit = settings.RequestsBurst,
                TokensPerPeriod = Math.Max(1, settings.RequestsPerSecond / RefillsPerSecond),
                ReplenishmentPeriod = TimeSpan.FromSeconds(
                    settings.RequestsPerSecond < RefillsPerSecond
                        ? 1.0 / settings.RequestsPerSecond
                        : 1.0 / RefillsPerSecond),
                QueueLimit = 0,
            }));

    public void Take(HttpContext context, AccessToken? token)
    {
        var caller = token is null
            ? $"address {Network(context.Connection.RemoteIpAddress)}"
            : $"token {token.Name}";
        using var lease = _buckets.AttemptAcquire(caller);
        if (lease.IsAcquired)
        {
            return;
        }

        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
            ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
            : 1;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        throw refusals.Refuse(ApiLimit.Rate,
            StatusCodes.Status429TooManyRequests, "rate-exceeded",
            $"More than {settings.RequestsPerSecond} requests a second; ask again in {seconds} s, "
            + "put more into one request, or raise gossip.http.requests-per-second.");
    }

    public ValueTask DisposeAsync() => _buckets.DisposeAsync();

    /// <summary>Whoever has one IPv6 address has all of its network.</summary>
    private static string Network(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6
            || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return $"{address?.MapToIPv4()}";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
