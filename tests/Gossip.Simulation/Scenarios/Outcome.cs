using System.Collections.Immutable;

namespace Gossip.Simulation.Scenarios;

/// <summary>How did one seed of a scenario end? Travels between processes as JSON.</summary>
public sealed record Outcome
{
    public required int Seed { get; init; }

    /// <summary>The process that played it died.</summary>
    public bool IsCrash { get; init; }

    /// <summary>Null when every rule held.</summary>
    public string? Failure { get; init; }

    /// <summary>
    /// Why it counts neither as held nor as failed: what it is about did not happen.
    /// </summary>
    public string? Void { get; init; }

    public double VirtualSeconds { get; init; }

    public ulong Trace { get; init; }

    public long Steps { get; init; }

    /// <summary>Of the scenario, summed over seeds unless they say max or slowest.</summary>
    public ImmutableSortedDictionary<string, double> Figures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>How often each rare thing happened.</summary>
    public ImmutableSortedDictionary<Rarity, long> Sometimes { get; init; } =
        ImmutableSortedDictionary<Rarity, long>.Empty;

    public static Outcome Of(Trial trial, string? failure)
    {
        var cluster = trial.Cluster;
        return new()
        {
            Seed = trial.Seed,
            Failure = failure,
            Void = failure is null ? trial.Void : null,
            VirtualSeconds = cluster?.Time.Now.TotalSeconds ?? 0,
            Trace = cluster?.Trace.Hash ?? 0,
            Steps = cluster?.Trace.Steps ?? 0,
            Figures = trial.Figures.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Sometimes = cluster?.Sometimes.Reached
                ?? ImmutableSortedDictionary<Rarity, long>.Empty,
        };
    }
}
