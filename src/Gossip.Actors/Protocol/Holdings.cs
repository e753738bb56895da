namespace Gossip.Actors.Protocol;

/// <summary>
/// What is durably held of one log: everything from the floor to the contiguous head, and islands
/// above gaps. Possession, never causality: see <see cref="VectorClock"/> for that.
/// </summary>
public sealed record Holdings
{
    public static readonly Holdings None = new(1, 0, IntervalSet.Empty);

    public Holdings(long floor, long head, IntervalSet islands)
    {
        if (floor < 1 || head < floor - 1 || head > Dot.SeqMax)
        {
            throw new FormatException($"Holdings need 1 ≤ floor ≤ head + 1, not {floor}, {head}.");
        }

        // Islands next to the head belong to it: one set of slots has one spelling. One pass, since
        // a peer chooses how many there are.
        var joined = 0;
        for (; joined < islands.Count && islands[joined].First <= head + 1; joined++)
        {
            head = Math.Max(head, islands[joined].Last);
        }

        (Floor, Head) = (floor, head);
        Islands = joined == 0 ? islands : islands.Within(head + 1, Dot.SeqMax);
    }

    /// <summary>The lowest slot that is kept; 1 unless retention raised it.</summary>
    public long Floor { get; }

    /// <summary>The highest slot below the first gap.</summary>
    public long Head { get; }

    public IntervalSet Islands { get; }

    public long Last => Islands.IsEmpty ? Head : Islands.Last;

    public long Slots => Head - Floor + 1 + Islands.Slots;

    /// <summary>Every slot that needs not be asked for: held, or below the floor.</summary>
    public IntervalSet Covered => IntervalSet.UpTo(Head).Union(Islands);

    /// <summary>Every slot that can be served.</summary>
    public IntervalSet Held =>
        (Head < Floor ? IntervalSet.Empty : IntervalSet.Of(new SeqRange(Floor, Head)))
        .Union(Islands);

    /// <summary>The slots held here that the other needs yet: mostly none.</summary>
    internal IntervalSet Beyond(Holdings other) => Islands.IsEmpty && Head <= other.Head
        ? IntervalSet.Empty
        : Held.Except(other.Covered);

    public bool Contains(long seq) => (seq >= Floor && seq <= Head) || Islands.Contains(seq);

    public Holdings Add(long seq) =>
        seq == Head + 1 && Islands.IsEmpty
            ? new(Floor, seq, Islands)
            : new(Floor, Head, Islands.Add(new(seq, seq)));

    public override string ToString() => Held.ToString();
}
