namespace Gossip.Host.Demo;

/// <summary>What a demo found. Other programs read these fields: their names are fixed.</summary>
internal sealed record DemoReport(
    bool Converged, int Nodes, long Payloads, long Lost, long Duplicates, double Seconds,
    string[] Roots);
