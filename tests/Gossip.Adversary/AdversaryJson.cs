using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gossip.Adversary;

/// <summary>How are reports spelled as JSON?</summary>
[JsonSerializable(typeof(Verdict))]
internal sealed partial class AdversaryJson : JsonSerializerContext
{
    public static readonly AdversaryJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
