namespace Gossip.Adversary.Wires;

/// <summary>
/// One lie that an accepted peer tells. Each of the counters must grow; unless it says otherwise,
/// what the node holds must not change.
/// </summary>
internal sealed record WireCase(
    string Name, string How, string Expected, string[] Counters, Func<WireScene, Task> AttackAsync)
{
    /// <summary>Part of the attack is true, and must be kept.</summary>
    public bool LeavesEntries { get; init; }

    /// <summary>A control: it must be accepted.</summary>
    public bool IsControl { get; init; }

    /// <summary>An entry that is refused for what it is.</summary>
    public static WireCase Refused(
        string name, string how, string counter, Func<WireScene, Task> attackAsync) =>
        new(name, how, counter, [$"refused.{counter}"], attackAsync);
}
