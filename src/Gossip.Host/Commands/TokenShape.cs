using System.Text.Json.Serialization;

namespace Gossip.Host.Commands;

/// <summary>A token as the file knows it; the token itself only when it is made.</summary>
internal sealed record TokenShape(
    string Name, string[] Scopes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token);

internal sealed record TokensShape(TokenShape[] Tokens);
