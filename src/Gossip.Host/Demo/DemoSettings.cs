namespace Gossip.Host.Demo;

/// <summary>What a demo is asked to do.</summary>
internal sealed record DemoSettings(int Nodes, string[] Lines, string Directory, bool Keep)
{
    public const int NodesMax = 32;

    public const string Topic = "demo";

    /// <summary>For the roots to become equal once everything is healed.</summary>
    public TimeSpan ConvergeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A cold start under load, with the library's restart included.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
