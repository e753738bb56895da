namespace Gossip.Adversary.Sieges;

/// <summary>
/// What one attack did to honest peers. Other programs read these fields: their names are fixed.
/// </summary>
internal sealed record SiegeReport(
    string Attack, string How, double Seconds, int Rate, long Published, long Lost,
    Figures Control, Figures Attacked, double Ratio, long RssGrowthBytes, long Done,
    double AttackerCpuSeconds, string Confined, string[] Void, string[] Missed)
{
    private const double RatioMax = 2;
    private const long RssGrowthMax = 32 << 20;
    private const double HandshakeMax = 2000;
    private const double ApiMax = 500;

    public bool IsVoid => Void.Length > 0;

    public bool IsPassed => Missed.Length == 0;

    /// <summary>Which of the promises were not kept.</summary>
    public SiegeReport Judge() => this with
    {
        Missed =
        [
            .. Promise(Lost == 0, $"{Lost} payloads lost"),
            .. Promise(Ratio <= RatioMax,
                $"p99 {Ratio:F1} times the control's, {RatioMax} at most"),
            .. Promise(Attack != "bombs" || RssGrowthBytes <= RssGrowthMax,
                $"the node grew by {RssGrowthBytes >> 20} MiB, {RssGrowthMax >> 20} at most"),
            .. Promise(Attacked.HandshakeP99Ms <= HandshakeMax,
                $"honest handshakes p99 {Attacked.HandshakeP99Ms:F0} ms, {HandshakeMax} at most"),
            .. Promise(Attacked.ApiP99Ms <= ApiMax,
                $"honest requests p99 {Attacked.ApiP99Ms:F0} ms, {ApiMax} at most"),
        ],
    };

    private static string[] Promise(bool isKept, string missed) => isKept ? [] : [missed];
}

/// <summary>What honest peers saw in one window.</summary>
internal sealed record Figures(
    int Deliveries, double P50Ms, double P99Ms, double MaxMs,
    int Handshakes, int HandshakesFailed, double HandshakeP50Ms, double HandshakeP99Ms,
    string? HandshakeFault, int Requests, int RequestsFailed, double ApiP50Ms, double ApiP99Ms,
    string? ApiFault);
