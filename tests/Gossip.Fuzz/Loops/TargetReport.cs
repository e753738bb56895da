namespace Gossip.Fuzz.Loops;

/// <summary>How did one target fare? One JSON object.</summary>
internal sealed record TargetReport
{
    public required string Target { get; init; }

    public required long Inputs { get; init; }

    public double Seconds { get; init; }

    public double InputsPerSecond { get; init; }

    /// <summary>Inputs that showed something new.</summary>
    public int Corpus { get; init; }

    /// <summary>Pairs of blocks that ran one after the other; 0 without instrumentation.</summary>
    public int Edges { get; init; }

    public IReadOnlyDictionary<string, long> Outcomes { get; init; } =
        new Dictionary<string, long>();

    /// <summary>Different ones; the same is counted once.</summary>
    public int Crashes { get; init; }

    public int Hangs { get; init; }

    public int Overallocations { get; init; }

    /// <summary>The most that an input took of what it may allocate; 1 is all of it.</summary>
    public double AllocationShareMax { get; init; }

    /// <summary>That input: bytes allocated, for so many bytes.</summary>
    public long AllocatedBytes { get; init; }

    public int AllocatedForBytes { get; init; }

    /// <summary>The slowest input; the machine's hiccups are in it.</summary>
    public double MillisecondsMax { get; init; }

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool IsGood => Findings.Count == 0;
}
