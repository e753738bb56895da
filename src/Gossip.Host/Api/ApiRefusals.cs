using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>What a request or a connection can meet before the node hears of it.</summary>
internal enum ApiLimit
{
    /// <summary>All connections are there, and none could give way.</summary>
    Connections,

    /// <summary>A connection without a right gave way to a new one.</summary>
    ConnectionsIdle,

    /// <summary>A connection that had asked nothing yet gave way to a new one.</summary>
    ConnectionsWaiting,
    ConnectionsPerAddress,
    Rate,
    HeadBytes,
    BodyBytes,

    /// <summary>Of all requests together.</summary>
    Bodies,

    /// <summary>A head, a body or a handshake that took too long.</summary>
    Slow,
    Malformed,
    Host,
    Origin,
    Token,
    Scope,
}

/// <summary>How often was each limit met? Shown by <c>gossip status</c>.</summary>
internal sealed class ApiRefusals
{
    private readonly long[] _counts = new long[Enum.GetValues<ApiLimit>().Length];

    /// <summary><c>api.rejected.rate</c> and so on, with how often.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counters => All.Select(limit =>
        KeyValuePair.Create($"api.rejected.{limit.Key}", limit.Value));

    /// <summary>By the limit's name.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => Enum.GetValues<ApiLimit>()
        .Select(limit => KeyValuePair.Create(Kebab(limit), Of(limit)));

    public long Of(ApiLimit limit) => Interlocked.Read(ref _counts[(int)limit]);

    public void Count(ApiLimit limit) => Interlocked.Increment(ref _counts[(int)limit]);

    /// <summary>A request that the API refused may be refused by the web server as well.</summary>
    public void CountOnce(IFeatureCollection request, ApiLimit limit)
    {
        if (request.Get<Counted>() is null)
        {
            request.Set(new Counted());
            Count(limit);
        }
    }

    /// <summary>Counts, and makes what to throw.</summary>
    public ApiException Refuse(ApiLimit limit, int status, string code, string message)
    {
        Count(limit);
        return new(status, code, message);
    }

    private sealed class Counted;

    private static string Kebab(ApiLimit limit) => string.Concat(
        limit.ToString().Select((c, i) => char.IsUpper(c) && i > 0
            ? $"-{char.ToLowerInvariant(c)}"
            : $"{char.ToLowerInvariant(c)}"));
}
