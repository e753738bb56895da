using System.Text.Json.Serialization;

namespace Gossip.Host.Api;

/// <summary>
/// A topic actor as it stands. State is running, restarting or parked; parkedAt is the entry that
/// it failed on, left out when it failed while it was made.
/// </summary>
internal sealed record ActorShape(
    string Topic, string Name, string State, long Position, long Lag, int Failures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ParkedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastError,
    long[] Skipped);

internal sealed record ActorsShape(ActorShape[] Actors);
