using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// Whom does this node keep out? At most one ban and one block of each identity. It is nobody
/// else's business: it never travels. A write is durable when its task completes.
/// </summary>
public interface IVerdictStore
{
    /// <summary>All of them, by identity and kind.</summary>
    Task<ImmutableArray<Verdict>> VerdictsAsync(CancellationToken stop);

    /// <summary>Replaces what was kept of this identity and kind.</summary>
    Task WriteVerdictAsync(Verdict verdict, CancellationToken stop);

    /// <summary>Nothing changes when there is none.</summary>
    Task RemoveVerdictAsync(Did did, VerdictKind kind, CancellationToken stop);
}
