using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>
/// What a topic's policy says, as this node holds it. Kind is private or trust-gated; problem says
/// why nobody has any right yet.
/// </summary>
internal sealed record PolicyShape(
    string Topic, string Ref, string? Owner, string? Kind, double MinTrust, double KeepSeconds,
    long KeepBytes, bool MayWrite, bool MayGovern, string? Problem, MemberShape[] Members);

internal sealed record MemberShape(string Did, string Right, long EntriesMax, string Address);

/// <summary>A topic that a node makes and owns.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateShape(
    string? Label, string? Kind, double? MinTrust, double? KeepSeconds, long? KeepBytes);

/// <summary>Give the ref, as it stands, to whoever is invited: it names the topic.</summary>
internal sealed record CreatedShape(string Topic, string Ref);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record InviteShape(
    string? Did, bool? Writes, long? EntriesMax, string? Address);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AppointShape(string? Did, string? Role);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RevokeShape(string? Did);
