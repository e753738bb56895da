using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gossip.Host.Client;
using Gossip.Host.Commands;
using Gossip.Host.Demo;

namespace Gossip.Host.Node;

/// <summary>What a node prints with --json once it can be used.</summary>
internal sealed record ReadyShape(
    string Event, string Did, string? Listen, string Api, string? Data, string Store,
    string Network, string[] Topics, string[] Actors);

/// <summary>How are the commands' own results spelled as JSON?</summary>
[JsonSerializable(typeof(ReadyShape))]
[JsonSerializable(typeof(PublishSummary))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(ConfigShape))]
[JsonSerializable(typeof(TokenShape))]
[JsonSerializable(typeof(TokensShape))]
internal sealed partial class HostJson : JsonSerializerContext
{
    public static readonly HostJson Shared = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
