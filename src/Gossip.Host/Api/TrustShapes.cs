using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>What one identity last said of another; a weight of 0 withdrew it.</summary>
internal sealed record EdgeShape(
    string From, string To, double Weight, string Note, long Time, string Entry);

/// <summary>A way of two steps, and both weights multiplied.</summary>
internal sealed record TrustPathShape(EdgeShape First, EdgeShape Second, double Product);

/// <summary>
/// How far a subject is trusted from a viewpoint. Class is isolated, known, partner or federated;
/// intermediaries counts all paths, paths are at most a thousand of them.
/// </summary>
internal sealed record TrustShape(
    string Viewpoint, string Subject, double Score, string Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EdgeShape? Direct,
    int Intermediaries, TrustPathShape[] Paths, string Arithmetic);

/// <summary>Everyone trusted from a viewpoint, the most trusted first; total counts all.</summary>
internal sealed record TrustedShape(string Viewpoint, int Total, TrustShape[] Subjects);

/// <summary>What this node is to say of a subject.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AttestShape(string? Subject, double? Weight, string? Note);
