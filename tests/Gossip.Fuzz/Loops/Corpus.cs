using Gossip.Fuzz.Coverage;

namespace Gossip.Fuzz.Loops;

/// <summary>
/// Which inputs showed something new: an edge, an edge taken more often, an outcome, or a larger
/// cost? Those are mutated further.
/// </summary>
internal sealed class Corpus
{
    private const int Short = 1024;

    // Per edge the classes of counts seen, as bits: 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, …
    private readonly byte[] _seen = new byte[Counters.Edges];
    private readonly HashSet<string> _outcomes = [];
    private readonly HashSet<(string, int, int)> _costs = [];
    private readonly List<byte[]> _inputs = [];

    public int Count => _inputs.Count;

    public int Edges => _seen.Count(bits => bits != 0);

    public IReadOnlyList<byte[]> Inputs => _inputs;

    /// <summary>
    /// The youngest more often, which is where the frontier is; seldom a long one, which takes as
    /// long as hundreds of others.
    /// </summary>
    public byte[] Pick(Random random)
    {
        var picked = PickAny(random);
        for (var again = 0; again < 3 && picked.Length > Short; again++)
        {
            picked = PickAny(random);
        }

        return picked;
    }

    private byte[] PickAny(Random random) => random.Next(4) switch
    {
        0 => _inputs[^1],
        1 => _inputs[^(1 + random.Next(Math.Min(16, Count)))],
        _ => _inputs[random.Next(Count)],
    };

    public bool Offer(byte[] input, Trial trial)
    {
        var isNew = SeesNewEdge() | _outcomes.Add(trial.Outcome)
            | _costs.Add((trial.Outcome, Log2(input.Length), Log2(trial.Allocated)));
        if (isNew)
        {
            _inputs.Add(input);
        }

        return isNew;
    }

    private bool SeesNewEdge()
    {
        var isNew = false;
        var counts = Counters.Taken;
        for (var i = 0; counts[i..].IndexOfAnyExcept((byte)0) is >= 0 and var skip; i++)
        {
            i += skip;
            var bit = (byte)(1 << ClassOf(counts[i]));
            isNew |= (_seen[i] & bit) == 0;
            _seen[i] |= bit;
        }

        return isNew;
    }

    private static int ClassOf(byte count) => count < 4 ? count - 1 : Math.Min(1 + Log2(count), 7);

    private static int Log2(long value) => value <= 0 ? 0 : System.Numerics.BitOperations.Log2(
        (ulong)value);
}
