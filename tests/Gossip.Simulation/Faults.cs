namespace Gossip.Simulation;

/// <summary>
/// What goes wrong, and how often? Probabilities of cuts, partitions and crashes are per link or
/// node and second.
/// </summary>
public sealed record Faults
{
    /// <summary>Of single gossip frames; above 0 only where links behave like datagrams.</summary>
    public required double Loss { get; init; }

    public required double Duplicate { get; init; }

    /// <summary>Gossip frames overtake each other.</summary>
    public required bool Reorder { get; init; }

    public required TimeSpan DelayMin { get; init; }

    public required TimeSpan DelayMean { get; init; }

    /// <summary>A cut loses what is in flight; both ends notice, at different times.</summary>
    public required double CutsPerSecond { get; init; }

    public required double PartitionsPerSecond { get; init; }

    public required TimeSpan PartitionMean { get; init; }

    /// <summary>A crash loses all but the store; the commit under way may have happened.</summary>
    public required double CrashesPerSecond { get; init; }

    /// <summary>Of a crash while a commit is under way, per commit.</summary>
    public required double CrashesPerCommit { get; init; }

    public required TimeSpan CrashMean { get; init; }

    public required TimeSpan CommitMean { get; init; }

    /// <summary>Nothing goes wrong, but everything takes a while.</summary>
    public static Faults None { get; } = new()
    {
        Loss = 0,
        Duplicate = 0,
        Reorder = false,
        DelayMin = TimeSpan.FromMilliseconds(1),
        DelayMean = TimeSpan.FromMilliseconds(3),
        CutsPerSecond = 0,
        PartitionsPerSecond = 0,
        PartitionMean = TimeSpan.Zero,
        CrashesPerSecond = 0,
        CrashesPerCommit = 0,
        CrashMean = TimeSpan.Zero,
        CommitMean = TimeSpan.FromMilliseconds(2),
    };

    /// <summary>What TCP links meet: delay, cuts, partitions, crashes.</summary>
    public static Faults Everything { get; } = None with
    {
        DelayMean = TimeSpan.FromMilliseconds(15),
        CutsPerSecond = 0.1,
        PartitionsPerSecond = 0.15,
        PartitionMean = TimeSpan.FromSeconds(1.5),
        CrashesPerSecond = 0.12,
        CrashesPerCommit = 0.01,
        CrashMean = TimeSpan.FromSeconds(1),
        CommitMean = TimeSpan.FromMilliseconds(8),
    };

    /// <summary>As if gossip travelled in datagrams: lost, doubled, in any order.</summary>
    public static Faults Lossy { get; } = Everything with
    {
        Loss = 0.2,
        Duplicate = 0.2,
        Reorder = true,
        CutsPerSecond = 0.05,
    };

    /// <summary>The links go on as they did; nothing new breaks.</summary>
    public Faults Calmed => None with { DelayMean = DelayMean, CommitMean = CommitMean };
}
