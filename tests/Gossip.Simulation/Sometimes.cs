using System.Collections.Immutable;

namespace Gossip.Simulation;

/// <summary>
/// What must happen now and then? A run over many seeds that never reached one of these has not
/// tested what it claims to.
/// </summary>
public enum Rarity
{
    CrashedWhileCommitting,
    CommitLostInCrash,
    CommitSurvivedCrash,
    CommitRefused,
    OutcomeUnknown,
    ReadFailed,
    DiskFilledAndHealed,
    MachineRestarted,
    QueueFull,
    FrameReplayed,
    ClockWentBack,
    ClockJumped,
    BacklogOfPages,
    Forked,
    ProofBeforeEntries,
    Restored,
    LiarLostCommits,
    NodeLeft,
    NodeJoinedLate,
    PartitionedOneWay,
    PublishedAgain,
    LogEnded,
}

/// <summary>How often did each rare thing happen in this run?</summary>
public sealed class Sometimes
{
    private readonly SortedDictionary<Rarity, long> _reached = [];

    public ImmutableSortedDictionary<Rarity, long> Reached =>
        _reached.ToImmutableSortedDictionary();

    public void Reach(Rarity rarity) =>
        _reached[rarity] = _reached.GetValueOrDefault(rarity) + 1;
}
