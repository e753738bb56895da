using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>How are events spelled as JSON? What a kind of event has not is left out.</summary>
[JsonSerializable(typeof(EventShape))]
internal sealed partial class EventJson : JsonSerializerContext
{
    public static readonly EventJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
