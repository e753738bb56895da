using Gossip.Actors.Protocol;

namespace Gossip.Simulation;

/// <summary>
/// A bug put in on purpose, from outside: around a machine, or in what its disk answers. A
/// simulator that does not find it is worth nothing.
/// </summary>
public class Mutation
{
    public static readonly Mutation None = new();

    public static IReadOnlyDictionary<string, Mutation> All { get; } =
        new SortedDictionary<string, Mutation>(StringComparer.Ordinal)
        {
            ["possession-before-commit"] = new PossessionBeforeCommit(),
            ["clock-from-peer"] = new ClockFromPeer(),
            ["arrival-closure"] = new ArrivalClosure(),
            ["reused-number"] = new ReusedNumber(),
        };

    /// <summary>The disk says that a batch is durable before it is.</summary>
    public virtual bool AnswersBeforeCommit => false;

    /// <summary>A store that finds itself restored goes on in the log it had.</summary>
    public virtual bool IgnoresRestore => false;

    public virtual IMachine Wrap(MachineId id, IMachine machine) => machine;
}

/// <summary>Holdings advance when a batch is handed to the disk, not when it is durable.</summary>
internal sealed class PossessionBeforeCommit : Mutation
{
    public override bool AnswersBeforeCommit => true;
}

/// <summary>A restored store goes on numbering where the old copy ended.</summary>
internal sealed class ReusedNumber : Mutation
{
    public override bool IgnoresRestore => true;
}
