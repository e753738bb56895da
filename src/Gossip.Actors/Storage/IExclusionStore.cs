using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// Whom does this node keep out? At most one ban and one block of each identity. It is nobody
/// else's business: it never travels. A write is durable when its task completes.
/// </summary>
public interface IExclusionStore
{
    /// <summary>All of them, by identity and kind.</summary>
    Task<ImmutableArray<Exclusion>> ExclusionsAsync(CancellationToken stop);

    /// <summary>Replaces what was kept of this identity and kind.</summary>
    Task WriteExclusionAsync(Exclusion exclusion, CancellationToken stop);

    /// <summary>Nothing changes when there is none.</summary>
    Task RemoveExclusionAsync(Did did, ExclusionKind kind, CancellationToken stop);
}
