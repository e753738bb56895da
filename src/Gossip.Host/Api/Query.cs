using System.Globalization;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>What do the path and the query of a request ask for?</summary>
internal static class Query
{
    /// <summary>
    /// A slash inside a topic's name arrives as %2F: routing leaves that one encoded.
    /// </summary>
    public static TopicName Topic(HttpContext context)
    {
        var text = TopicText(context);
        return TopicName.Refusal(text) is { } reason
            ? throw ApiException.Invalid("topic-invalid", reason)
            : new(text);
    }

    /// <summary>
    /// A public topic's name, or what its owner gave: label@owner/id. What is carried here already
    /// needs no id.
    /// </summary>
    public static TopicRef TopicRef(HttpContext context, GossipNode node)
    {
        var text = TopicText(context);
        return Actors.Protocol.TopicRef.TryParse(text, out var topic, out var reason) ? topic
            : TopicName.Refusal(text) is null && node.Find(new(text)) is { } carried ? carried
            : throw ApiException.Invalid("topic-invalid", reason);
    }

    private static string TopicText(HttpContext context) =>
        ((string)context.Request.RouteValues["name"]!)
            .Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A name at the end of the path, whatever characters it has: routing decodes all but %2F,
    /// which cannot be undone.
    /// </summary>
    public static string LastSegment(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    public static Cursor? After(string? text) =>
        text is null ? null
        : Cursor.TryParse(text, out var cursor) ? cursor
        : throw ApiException.Invalid("position-invalid",
            $"Position '{text}': expected a number, or position.index as a stream gives it.");

    public static int Limit(HttpContext context, int fallback, int max)
    {
        string? text = context.Request.Query["limit"];
        return text is null ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                && limit >= 1 && limit <= max ? limit
            : throw ApiException.Invalid("limit-invalid", $"limit: 1 to {max}, not '{text}'.");
    }

    /// <summary>?name, ?name=true or ?name=false; a slip must not count as no.</summary>
    public static bool Flag(HttpContext context, string name)
    {
        string? text = context.Request.Query[name];
        return text switch
        {
            null or "false" => false,
            "" or "true" => true,
            _ => throw ApiException.Invalid(
                "query-invalid", $"{name}: true or false, not '{text}'."),
        };
    }
}
