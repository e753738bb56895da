using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>Who may read a topic, as far as this node knows its policy?</summary>
public sealed class Readers
{
    /// <summary>A public topic; or one whose policy is not known yet, and nothing else of it.
    /// </summary>
    public static readonly Readers Everyone = new(null);

    public static readonly Readers Nobody = new([]);

    private readonly ImmutableSortedSet<Did>? _some;

    private Readers(ImmutableSortedSet<Did>? some) => _some = some;

    public static Readers Of(IEnumerable<Did> some) => new([.. some]);

    public bool Allow(Did peer) => _some is null || _some.Contains(peer);

    public bool IsSame(Readers other) => ReferenceEquals(this, other)
        || (_some is not null && other._some is not null && _some.SetEquals(other._some));
}
