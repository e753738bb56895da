using Gossip.Adversary.Attacks;

namespace Gossip.Adversary.Sieges;

/// <summary>What a siege is asked to do.</summary>
internal sealed record SiegeSettings
{
    public const int Nodes = 3;
    public const string Topic = "news";
    public const string Network = "test";

    /// <summary>What an attacker may take.</summary>
    public const double Cores = 0.5;

    public required IReadOnlyList<Attack> Attacks { get; init; }

    /// <summary>Payloads a second, over all nodes.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>Of each window: one under the control, one under the attack.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Before the first window: until its code is compiled well, a node is slow.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// For a node to start, a payload to arrive, an attacker to end: late is not lost.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between honest handshakes, and between honest requests.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    public required string Directory { get; init; }
}
