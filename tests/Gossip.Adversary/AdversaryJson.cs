using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gossip.Adversary.Sieges;

namespace Gossip.Adversary;

/// <summary>How are reports spelled as JSON?</summary>
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(SiegeReport))]
[JsonSerializable(typeof(AttackOutcome))]
internal sealed partial class AdversaryJson : JsonSerializerContext
{
    public static readonly AdversaryJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
