namespace Gossip.Host.Commands;

/// <summary>How did a command end? Stable: scripts branch on it.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The answer is "no", or what was asked failed.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    public const int Unreachable = 3;

    public const int Refused = 4;

    public const string Explanation =
        "Exit codes: 0 done, 1 the answer is no or it failed, 2 usage or configuration, "
        + "3 no node could be reached, 4 the node refused.";
}
