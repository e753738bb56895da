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
[JsonSerializable(typeof(RotationShape))]
[JsonSerializable(typeof(ErasedShape))]
[JsonSerializable(typeof(ClosuresShape))]
[JsonSerializable(typeof(PayloadShape))]
[JsonSerializable(typeof(ReceiptsShape))]
[JsonSerializable(typeof(AcksMissingShape))]
[JsonSerializable(typeof(PageShape))]
[JsonSerializable(typeof(EntryShape))]
[JsonSerializable(typeof(StreamShape))]
[JsonSerializable(typeof(SubscriptionShape))]
[JsonSerializable(typeof(SubscriptionsShape))]
[JsonSerializable(typeof(SubscriptionRequestShape))]
[JsonSerializable(typeof(AttestShape))]
[JsonSerializable(typeof(EdgeShape))]
[JsonSerializable(typeof(TrustShape))]
[JsonSerializable(typeof(TrustedShape))]
[JsonSerializable(typeof(TopicShape))]
[JsonSerializable(typeof(TopicsShape))]
[JsonSerializable(typeof(PeersShape))]
[JsonSerializable(typeof(JudgementShape))]
[JsonSerializable(typeof(BlockRequestShape))]
[JsonSerializable(typeof(StatusShape))]
[JsonSerializable(typeof(LimitsShape))]
[JsonSerializable(typeof(SyncRequestShape))]
[JsonSerializable(typeof(SyncsShape))]
[JsonSerializable(typeof(HealthShape))]
[JsonSerializable(typeof(VersionShape))]
[JsonSerializable(typeof(PolicyShape))]
[JsonSerializable(typeof(CreateShape))]
[JsonSerializable(typeof(CreatedShape))]
[JsonSerializable(typeof(InviteShape))]
[JsonSerializable(typeof(AppointShape))]
[JsonSerializable(typeof(RevokeShape))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>No shape is a fifth as deep; what is deeper is not looked into.</summary>
    private const int DepthMax = 32;

    /// <summary>
    /// Never inside HTML, so text stays readable: only what JSON demands is escaped.
    /// </summary>
    public static readonly ApiJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = DepthMax,
        AllowDuplicateProperties = false,
    });
}
