using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>How two clocks relate: exactly one holds for any two.</summary>
public enum ClockOrder
{
    Equal,
    Before,
    After,
    Concurrent,
}

/// <summary>
/// What an author had delivered, per log: causality, never possession. Absent components are 0.
/// Source: Fidge 1988, Mattern 1989.
/// </summary>
public sealed class VectorClock : IEquatable<VectorClock>
{
    public static readonly VectorClock Zero =
        new(ImmutableSortedDictionary<LogId, long>.Empty);

    private readonly ImmutableSortedDictionary<LogId, long> _components;

    private VectorClock(ImmutableSortedDictionary<LogId, long> components) =>
        _components = components;

    /// <summary>Components above 0, ordered by log.</summary>
    public IReadOnlyDictionary<LogId, long> Components => _components;

    public static VectorClock Of(IEnumerable<KeyValuePair<LogId, long>> components) =>
        components.Aggregate(Zero, (clock, c) => clock.With(c.Key, c.Value));

    public long Get(LogId log) => _components.GetValueOrDefault(log);

    /// <summary>The same clock with one component set; 0 removes it.</summary>
    /// <exception cref="ClockBoundsException">Below 0 or above 2^53.</exception>
    public VectorClock With(LogId log, long seq)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (seq is < 0 or > Dot.SeqMax)
        {
            throw new ClockBoundsException(
                $"A clock component is 0 to 2^53, not {seq} (of {log}).");
        }

        return new(seq == 0 ? _components.Remove(log) : _components.SetItem(log, seq));
    }

    public VectorClock Increment(LogId log) => With(log, Get(log) + 1);

    /// <summary>The larger of the two in every component.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var merged = _components.ToBuilder();
        foreach (var (log, seq) in other._components)
        {
            merged[log] = Math.Max(merged.GetValueOrDefault(log), seq);
        }

        return new(merged.ToImmutable());
    }

    /// <summary>The components that are larger here than they were then.</summary>
    public IEnumerable<KeyValuePair<LogId, long>> Since(VectorClock earlier) =>
        _components.Where(c => c.Value > earlier.Get(c.Key));

    public ClockOrder CompareTo(VectorClock other)
    {
        var below = _components.All(c => c.Value <= other.Get(c.Key));
        var above = other._components.All(c => c.Value <= Get(c.Key));
        return (below, above) switch
        {
            (true, true) => ClockOrder.Equal,
            (true, false) => ClockOrder.Before,
            (false, true) => ClockOrder.After,
            (false, false) => ClockOrder.Concurrent,
        };
    }

    public bool HappensBefore(VectorClock other) => CompareTo(other) == ClockOrder.Before;

    public bool Equals(VectorClock? other) =>
        other is not null && CompareTo(other) == ClockOrder.Equal;

    public override bool Equals(object? obj) => Equals(obj as VectorClock);

    public override int GetHashCode() =>
        _components.Aggregate(0, (hash, c) => HashCode.Combine(hash, c.Key, c.Value));

    public override string ToString() =>
        $"{{{string.Join(", ", _components.Select(c => $"{c.Key}:{c.Value}"))}}}";
}

/// <summary>A clock component outside 0 … 2^53. Nothing changed.</summary>
public sealed class ClockBoundsException(string message)
    : ArgumentOutOfRangeException(null, message);
