using System.Globalization;
using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// How bad can it get? The ranges that a seed draws its faults from, after TigerBeetle's VOPR
/// (vopr.zig), as far as a node has such parts. A tick is 100 ms.
/// </summary>
public sealed record Storm
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>How long things break; then everything must mend itself.</summary>
    public TimeSpan Safety { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>What the core gets to agree, after the last fault.</summary>
    public TimeSpan Liveness { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Each family of faults is there at all with this chance.</summary>
    public double Families { get; init; } = 0.6;

    // ---- the network ----

    public double LossMax { get; init; } = 0.3;

    public double ReplayMax { get; init; } = 0.5;

    public TimeSpan DelayMinMax { get; init; } = TimeSpan.FromMilliseconds(30);

    public (TimeSpan Low, TimeSpan High) DelayMean { get; init; } =
        (TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(100));

    /// <summary>Per tick; half of them one way only or unnoticed.</summary>
    public double PartitionMax { get; init; } = 0.03;

    /// <summary>Per tick and way: nothing gets through for up to a second.</summary>
    public double ClogMax { get; init; } = 0.02;

    /// <summary>Per tick and link: a reset that both ends notice.</summary>
    public double CutMax { get; init; } = 0.01;

    public (double Low, double High) BytesPerSecond { get; init; } = (1_000, 100_000);

    // ---- nodes ----

    /// <summary>Per tick and node.</summary>
    public double CrashMax { get; init; } = 0.015;

    public double CrashInCommitMax { get; init; } = 0.02;

    /// <summary>Per tick and node: one machine fails and is made anew.</summary>
    public double MachineMax { get; init; } = 0.02;

    /// <summary>Per tick and node: it takes up to 50 ms to read a frame, for a while.</summary>
    public double SlowMax { get; init; } = 0.01;

    /// <summary>Per tick and node: it says goodbye, and comes back later.</summary>
    public double LeaveMax { get; init; } = 0.01;

    /// <summary>Per tick and node: the wall clock moves by up to a day, either way.</summary>
    public double ClockMax { get; init; } = 0.02;

    // ---- disks ----

    public double ReadFaultsMax { get; init; } = 0.1;

    public double WriteFaultsMax { get; init; } = 0.1;

    public (double Low, double High) CrashWriteFaults { get; init; } = (0.8, 1);

    /// <summary>Per tick and node: slow, full or failing for up to two seconds.</summary>
    public double DiskMax { get; init; } = 0.01;

    // ---- what users do ----

    public double Keys { get; init; } = 0.25;

    /// <summary>A node says that it has nothing more to say, and then says more.</summary>
    public double Ends { get; init; } = 0.2;

    // ---- rare guests ----

    public double Liars { get; init; } = 0.1;

    public double Restores { get; init; } = 0.2;

    public double Equivocators { get; init; } = 0.15;

    /// <summary>A minority that never comes back.</summary>
    public double Burials { get; init; } = 0.4;

    /// <summary>Nodes that come only later.</summary>
    public double Latecomers { get; init; } = 0.3;

    /// <summary>All of it.</summary>
    public static Storm Everything { get; } = new();

    /// <summary>What TCP links meet: delay, cuts, partitions, crashes.</summary>
    public static Storm Links { get; } = new()
    {
        Families = 1,
        LossMax = 0,
        ReplayMax = 0,
        MachineMax = 0,
        SlowMax = 0,
        LeaveMax = 0,
        ClockMax = 0,
        ReadFaultsMax = 0,
        WriteFaultsMax = 0,
        DiskMax = 0,
        Liars = 0,
        Restores = 0,
        Equivocators = 0,
        Burials = 0,
        Latecomers = 0,
    };

    /// <summary>As if gossip travelled in datagrams: lost, doubled, in any order.</summary>
    public static Storm Lossy { get; } = Links with { LossMax = 0.3, ReplayMax = 0.5 };

    /// <summary>The script that a seed draws.</summary>
    public Script Draw(int nodes, int seed) => new Weather(this, nodes, seed).Draw();

    internal static string Text(double number) =>
        number.ToString("0.####", CultureInfo.InvariantCulture);
}
