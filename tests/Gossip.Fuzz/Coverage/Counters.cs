namespace Gossip.Fuzz.Coverage;

/// <summary>Which ways did the code go? Instrumented code counts here.</summary>
/// <remarks>
/// One count per edge, that is per pair of blocks that ran one after the other: the source is
/// AFL's map. Two edges may share a count; with this many that is rare. One thread fuzzes.
/// </remarks>
public static class Counters
{
    public const int Edges = 1 << 16;

    private static readonly byte[] Counts = new byte[Edges];
    private static readonly byte[] Snapshot = new byte[Edges];
    private static int _previous;

    /// <summary>What was counted up to the last <see cref="Take"/>.</summary>
    internal static ReadOnlySpan<byte> Taken => Snapshot;

    /// <summary>At the start of each block; the number of the block is its own.</summary>
    public static void Hit(int block)
    {
        Counts[(block ^ _previous) & (Edges - 1)]++;
        _previous = block >> 1;
    }

    internal static void Take() => Counts.CopyTo(Snapshot);

    internal static void Clear()
    {
        Array.Clear(Counts);
        _previous = 0;
    }
}
