namespace Gossip.Simulation;

/// <summary>
/// What goes wrong with each message, commit and read, and how often? What happens at a moment (a
/// crash, a partition, a clock jump) stands in a script instead.
/// </summary>
public sealed record Faults
{
    /// <summary>Of single gossip frames; above 0 only where links behave like datagrams.</summary>
    public double Loss { get; init; }

    /// <summary>Of a gossip frame that comes a second time, later.</summary>
    public double Replay { get; init; }

    /// <summary>Gossip frames overtake each other.</summary>
    public bool Reorder { get; init; }

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan DelayMean { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>What one link carries each way; 0 for as much as there is.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Sent and not yet read by the other side: then the sender waits.</summary>
    public long WindowBytes { get; init; } = 256 * 1024;

    /// <summary>Of a crash while a commit is under way, per commit.</summary>
    public double CrashesPerCommit { get; init; }

    /// <summary>How long a node that crashed so is away.</summary>
    public TimeSpan CrashMean { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan CommitMean { get; init; } = TimeSpan.FromMilliseconds(2);

    public TimeSpan ReadMean { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Of a store that refuses a commit; of two such, one leaves open whether it happened.
    /// </summary>
    public double WriteFaults { get; init; }

    /// <summary>Of a store that cannot read what it is asked for.</summary>
    public double ReadFaults { get; init; }

    /// <summary>Of losing a commit that is under way when the process dies.</summary>
    public double CrashWriteFaults { get; init; } = 0.5;

    /// <summary>Nothing goes wrong, but everything takes a while.</summary>
    public static Faults None { get; } = new();

    /// <summary>What TCP links meet, beside the events of a script.</summary>
    public static Faults Links { get; } = None with
    {
        DelayMean = TimeSpan.FromMilliseconds(15),
        CrashesPerCommit = 0.01,
        CommitMean = TimeSpan.FromMilliseconds(8),
    };

    /// <summary>As if gossip travelled in datagrams: lost, doubled, in any order.</summary>
    public static Faults Lossy { get; } = Links with { Loss = 0.2, Replay = 0.2, Reorder = true };

    /// <summary>The links go on as they did; nothing new breaks.</summary>
    public Faults Calmed => None with
    {
        DelayMean = TimeSpan.FromMilliseconds(Math.Min(15, DelayMean.TotalMilliseconds)),
        CommitMean = CommitMean,
        ReadMean = ReadMean,
    };
}
