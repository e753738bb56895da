namespace Gossip.Adversary;

/// <summary>How did one attack end? Without faults it passed.</summary>
internal sealed record Verdict(
    string Name, string How, string Expected, bool IsNegative, string Seen,
    IReadOnlyList<string> Faults)
{
    public bool IsPassed => Faults.Count == 0;
}
