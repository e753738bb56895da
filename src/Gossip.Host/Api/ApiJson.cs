using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>How are the shapes spelled as JSON? Generated at build time; no reflection.</summary>
[JsonSerializable(typeof(ErrorShape))]
[JsonSerializable(typeof(ActorShape))]
[JsonSerializable(typeof(ActorsShape))]
[JsonSerializable(typeof(JoinShape))]
[JsonSerializable(typeof(EndShape))]
[JsonSerializable(typeof(PayloadShape))]
[JsonSerializable(typeof(ReceiptsShape))]
[JsonSerializable(typeof(AcksMissingShape))]
[JsonSerializable(typeof(PageShape))]
[JsonSerializable(typeof(EntryShape))]
[JsonSerializable(typeof(StreamShape))]
[JsonSerializable(typeof(SubscriptionShape))]
[JsonSerializable(typeof(SubscriptionsShape))]
[JsonSerializable(typeof(SubscriptionRequestShape))]
[JsonSerializable(typeof(TopicShape))]
[JsonSerializable(typeof(TopicsShape))]
[JsonSerializable(typeof(PeersShape))]
[JsonSerializable(typeof(StatusShape))]
[JsonSerializable(typeof(LimitsShape))]
[JsonSerializable(typeof(SyncRequestShape))]
[JsonSerializable(typeof(SyncsShape))]
[JsonSerializable(typeof(HealthShape))]
[JsonSerializable(typeof(VersionShape))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// Never inside HTML, so text stays readable: only what JSON demands is escaped.
    /// </summary>
    public static readonly ApiJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
