using Gossip.Actors.Protocol;

namespace Gossip.Actors;

/// <summary>
/// How much of a limit is used now. Of limits that each peer, address or topic has for itself, the
/// one that uses most.
/// </summary>
/// <param name="Limit">Its name.</param>
/// <param name="Option">The option that sets it, below <c>gossip.</c> in a configuration.</param>
/// <param name="Use">Null where nothing is kept: it is checked and forgotten.</param>
/// <param name="Max">
/// What may be used; a second, where it is a rate. 0: as much as there is.
/// </param>
/// <param name="Rejected">How often it was reached: dropped, turned away or made to wait.</param>
public sealed record LimitStatus(
    LimitKind Limit, string Option, long? Use, long Max, long Rejected)
{
    /// <summary>Who uses most, where that can be said.</summary>
    public string? Who { get; init; }
}
