using System.Globalization;
using Gossip.Host.Api;

namespace Gossip.Host.Client;

/// <summary>What a publish waits for, and under which key: the end of its URL.</summary>
internal sealed record PublishTerms(int Acks = 0, string? AcksTimeout = null, string? Key = null)
{
    public static readonly PublishTerms None = new();

    public override string ToString()
    {
        var pairs = new (string Name, string? Value)[]
        {
            (PublishQuery.Acks, Acks > 0
                ? string.Create(CultureInfo.InvariantCulture, $"peers({Acks})")
                : null),
            (PublishQuery.AcksTimeout, AcksTimeout),
            (PublishQuery.Key, Key),
        };
        var query = string.Join('&', pairs
            .Where(pair => pair.Value is not null)
            .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
        return query.Length > 0 ? $"?{query}" : "";
    }
}
