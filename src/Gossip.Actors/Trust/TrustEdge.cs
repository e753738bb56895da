using Gossip.Actors.Protocol;

namespace Gossip.Actors.Trust;

/// <summary>
/// What one identity last said of another: the entry that says it, and when its author claims to
/// have written it (Unix milliseconds).
/// </summary>
public sealed record TrustEdge(
    Did From, Did To, Weight Weight, string Note, long Time, EntryId Entry);
