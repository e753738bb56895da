using System.Text;
using Gossip.Actors;

namespace Gossip.Host.Api;

/// <summary>Use is null where nothing is kept; a rate's use and max are a second's.</summary>
internal sealed record LimitShape(
    string Limit, string Option, long? Use, long Max, long Rejected, string? Who)
{
    public static LimitShape Of(LimitStatus limit) => new(
        Kebab(limit.Limit.ToString()), $"gossip.{limit.Option}", limit.Use, limit.Max,
        limit.Rejected, limit.Who);

    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (var c in name)
        {
            kebab.Append(char.IsUpper(c) && kebab.Length > 0 ? "-" : "")
                .Append(char.ToLowerInvariant(c));
        }

        return kebab.ToString();
    }
}

internal sealed record LimitsShape(LimitShape[] Limits);
