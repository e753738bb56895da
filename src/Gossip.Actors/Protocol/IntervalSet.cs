using System.Collections;
using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// A set of slots as sorted, disjoint, non-adjacent ranges: memory follows the number of ranges,
/// never the number of slots.
/// </summary>
public sealed class IntervalSet : IReadOnlyCollection<SeqRange>, IEquatable<IntervalSet>
{
    public static readonly IntervalSet Empty = new([]);

    private readonly ImmutableArray<SeqRange> _ranges;

    private IntervalSet(ImmutableArray<SeqRange> ranges) => _ranges = ranges;

    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>How many ranges.</summary>
    public int Count => _ranges.Length;

    /// <summary>How many slots.</summary>
    public long Slots => _ranges.Sum(r => r.Count);

    public long Last => _ranges.IsEmpty ? 0 : _ranges[^1].Last;

    public SeqRange this[int index] => _ranges[index];

    public static IntervalSet Of(params IEnumerable<SeqRange> ranges)
    {
        var sorted = ranges.OrderBy(r => r.First).ToList();
        var merged = ImmutableArray.CreateBuilder<SeqRange>(sorted.Count);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = new(merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.Count == 0 ? Empty : new(merged.DrainToImmutable());
    }

    /// <summary>
    /// Ranges that are sorted, disjoint and non-adjacent already: nothing is copied.
    /// </summary>
    internal static IntervalSet OfCanonical(ImmutableArray<SeqRange> ranges) => new(ranges);

    public static IntervalSet UpTo(long last) => last < 1 ? Empty : Of(new SeqRange(1, last));

    public bool Contains(long seq)
    {
        var index = FirstEndingAtOrAfter(seq);
        return index < _ranges.Length && _ranges[index].First <= seq;
    }

    /// <summary>The first slot, from this one on, that is not in the set.</summary>
    public long NextOutside(long seq)
    {
        var index = FirstEndingAtOrAfter(seq);
        return index < _ranges.Length && _ranges[index].First <= seq
            ? _ranges[index].Last + 1
            : seq;
    }

    public IntervalSet Add(SeqRange range)
    {
        // Everything from `from` up to `to` touches the new range and becomes one with it.
        var from = FirstEndingAtOrAfter(range.First - 1);
        var to = from;
        var (first, last) = (range.First, range.Last);
        for (; to < Count && _ranges[to].First <= range.Last + 1; to++)
        {
            first = Math.Min(first, _ranges[to].First);
            last = Math.Max(last, _ranges[to].Last);
        }

        return new([.. _ranges[..from], new SeqRange(first, last), .. _ranges[to..]]);
    }

    public IntervalSet Union(IntervalSet other) =>
        IsEmpty ? other : other.IsEmpty ? this : Of([.. _ranges, .. other._ranges]);

    /// <summary>The slots of this set that the other lacks.</summary>
    public IntervalSet Except(IntervalSet other)
    {
        if (IsEmpty || other.IsEmpty)
        {
            return this;
        }

        var left = ImmutableArray.CreateBuilder<SeqRange>();
        foreach (var range in _ranges)
        {
            var next = range.First;
            for (var i = other.FirstEndingAtOrAfter(range.First);
                i < other.Count && other[i].First <= range.Last;
                i++)
            {
                if (other[i].First > next)
                {
                    left.Add(new(next, other[i].First - 1));
                }

                next = other[i].Last + 1;
            }

            if (next <= range.Last)
            {
                left.Add(new(next, range.Last));
            }
        }

        return left.Count == 0 ? Empty : new(left.DrainToImmutable());
    }

    public IntervalSet Intersect(IntervalSet other) => Except(Except(other));

    /// <summary>Only the slots from first to last.</summary>
    public IntervalSet Within(long first, long last)
    {
        if (last < first)
        {
            return Empty;
        }

        var kept = from range in _ranges
                   where range.Last >= first && range.First <= last
                   select new SeqRange(Math.Max(range.First, first), Math.Min(range.Last, last));
        return Of(kept);
    }

    /// <summary>The lowest slots, at most this many.</summary>
    public IntervalSet Take(long slots)
    {
        var taken = ImmutableArray.CreateBuilder<SeqRange>();
        foreach (var range in _ranges)
        {
            if (slots <= 0)
            {
                break;
            }

            taken.Add(new(range.First, range.First + Math.Min(range.Count, slots) - 1));
            slots -= range.Count;
        }

        return taken.Count == 0 ? Empty : new(taken.DrainToImmutable());
    }

    public IEnumerator<SeqRange> GetEnumerator() => _ranges.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(IntervalSet? other) =>
        other is not null && _ranges.AsSpan().SequenceEqual(other._ranges.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    public override int GetHashCode() =>
        HashCode.Combine(Count, IsEmpty ? 0 : _ranges[0].First, Last);

    public override string ToString() => IsEmpty ? "nothing" : string.Join(", ", _ranges);

    private int FirstEndingAtOrAfter(long seq)
    {
        int low = 0, high = _ranges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].Last < seq ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
