using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>
/// A named subscription: what it has acknowledged, and how many positions are newer.
/// </summary>
internal sealed record SubscriptionShape(string Topic, string Name, long Position, long Lag);

internal sealed record SubscriptionsShape(SubscriptionShape[] Subscriptions);

/// <summary>Without a position nothing moves; a subscription that is new begins at 0.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubscriptionRequestShape(long? Position);
