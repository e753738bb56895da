using System.Collections.Immutable;

namespace Gossip.Simulation.Scenarios;

/// <summary>How did one seed of a scenario end?</summary>
public sealed record Outcome
{
    public required int Seed { get; init; }

    /// <summary>Null when every rule held.</summary>
    public string? Failure { get; init; }

    public TimeSpan Virtual { get; init; }

    public ulong Trace { get; init; }

    public long Steps { get; init; }

    /// <summary>Figures of the scenario, summed over seeds unless they say max.</summary>
    public ImmutableSortedDictionary<string, double> Figures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;
}

/// <summary>What is simulated, and what must hold at the end?</summary>
public abstract class Scenario
{
    public static IReadOnlyDictionary<string, Scenario> All { get; } =
        new SortedDictionary<string, Scenario>(StringComparer.Ordinal)
        {
            ["line"] = new Line(),
            ["fork"] = new Fork(),
            ["stale"] = new Stale(),
            ["faults"] = new FaultMix(Faults.Everything),
            ["lossy"] = new FaultMix(Faults.Lossy),
        };

    public Outcome Run(int nodes, int seed)
    {
        Cluster? cluster = null;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        string? failure = null;
        try
        {
            cluster = new(Shape(nodes, seed));
            Play(cluster, figures);
        }
        catch (Exception e) when (e is BrokenException or InvalidOperationException
            or ArgumentException or IOException or KeyNotFoundException or FormatException
            or System.Diagnostics.UnreachableException)
        {
            failure = e is BrokenException ? e.Message : e.ToString();
        }

        return new()
        {
            Seed = seed,
            Failure = failure,
            Virtual = cluster?.Time.Now ?? TimeSpan.Zero,
            Trace = cluster?.Trace.Hash ?? 0,
            Steps = cluster?.Trace.Steps ?? 0,
            Figures = figures.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    protected abstract ClusterShape Shape(int nodes, int seed);

    protected abstract void Play(Cluster cluster, IDictionary<string, double> figures);
}
