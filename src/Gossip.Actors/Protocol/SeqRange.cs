namespace Gossip.Actors.Protocol;

/// <summary>Consecutive slots of one log, both ends included.</summary>
public readonly record struct SeqRange
{
    public SeqRange(long first, long last)
    {
        if (first < 1 || last < first || last > Dot.SeqMax)
        {
            throw new FormatException($"A range is 1 ≤ first ≤ last ≤ 2^53, not {first}–{last}.");
        }

        First = first;
        Last = last;
    }

    public long First { get; }

    public long Last { get; }

    public long Count => Last - First + 1;

    public override string ToString() => First == Last ? $"{First}" : $"{First}–{Last}";
}
