namespace Gossip.Crash;

/// <summary>What a run is asked to do.</summary>
internal sealed record CrashSettings
{
    public const int NodesMax = 9;

    public const string Topic = "crash";

    /// <summary>
    /// Below so many acknowledgements a kill, kills hit idle nodes and show nothing.
    /// </summary>
    public const int AcknowledgedPerKillMin = 20;

    /// <summary>So many a life must give before its node is killed.</summary>
    public const int ReceiptsPerLifeMin = 4;

    /// <summary>Kills of nodes that come back on their data.</summary>
    public int Kills { get; init; }

    /// <summary>Kills of nodes whose data are then destroyed.</summary>
    public int Destroys { get; init; }

    /// <summary>Peers that each publish waits for.</summary>
    public int Acks { get; init; }

    /// <summary>Off: what peers hold, they hold because of heads and rounds.</summary>
    public bool Push { get; init; } = true;

    public int Nodes { get; init; } = 3;

    /// <summary>
    /// Payloads a second, over all nodes; beside them, as many as it takes to a node that is about
    /// to be killed.
    /// </summary>
    public int Rate { get; init; } = 100;

    public int Seed { get; init; } = 1;

    public required string Directory { get; init; }

    /// <summary>
    /// The newest kill may come as soon, or as late, as this after a first receipt.
    /// </summary>
    public TimeSpan KillDelayMax { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// For a node to start, to answer, to show its heads: far above what is usual.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For equal roots once nobody publishes any more.</summary>
    public TimeSpan ConvergeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>One in so many restarts is itself cut short by a kill.</summary>
    public int KillStartOneIn { get; init; } = 8;

    public int KillsInAll => Kills + Destroys;

    /// <summary>
    /// Nodes that may be down at once: more than half, unless somebody waits for peers.
    /// </summary>
    public int DownMax => Acks > 0 ? Math.Max(1, (Nodes - 1) / 2) : (Nodes + 1) / 2;
}
