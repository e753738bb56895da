namespace Gossip.Simulation;

/// <summary>A rule that every node must keep at every step was broken.</summary>
public sealed class BrokenException(string rule) : Exception(rule);

internal static class Broken
{
    public static void Unless(bool holds, string rule)
    {
        if (!holds)
        {
            throw new BrokenException(rule);
        }
    }
}
