using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>What was in a frame: a message, or why there is none.</summary>
public abstract record DecodeResult
{
    private DecodeResult()
    {
    }

    /// <summary>A message, without the items that were dropped from it.</summary>
    public sealed record Read(GossipMessage Message, ImmutableArray<Effect.Refuse> Dropped)
        : DecodeResult;

    /// <summary>
    /// No message. <see cref="RefusalCode.MessageUnexpected"/> and
    /// <see cref="RefusalCode.TopicUnknown"/> happen between honest peers (a newer version, a
    /// subscription on its way); the other codes are the sender's fault.
    /// </summary>
    public sealed record Refused(Effect.Refuse Refusal) : DecodeResult;
}
