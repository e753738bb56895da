using Gossip.Actors.Storage;

namespace Gossip.Simulation.Scenarios;

/// <summary>One run under one seed: its world, as soon as there is one, and its figures.</summary>
public sealed class Trial(int nodes, int seed, Mutation mutation)
{
    public int Nodes => nodes;

    public int Seed => seed;

    public Mutation Mutation => mutation;

    public Cluster? Cluster { get; private set; }

    /// <summary>Summed over seeds, unless they say max or slowest.</summary>
    public SortedDictionary<string, double> Figures { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Why this seed shows nothing: what it is about did not happen. Null when it did.
    /// </summary>
    public string? Void { get; set; }

    public Cluster In(Cluster cluster) => Cluster = cluster;
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
            ["policy"] = new PolicyChanges(),
            ["forgetting"] = new Forgetting(),
            ["two-faced"] = new TwoFaced(),
            ["stale-restore"] = new StaleRestore(),
            ["faults"] = new FaultMix(Storm.Everything),
            ["lossy"] = new FaultMix(Storm.Lossy),
            ["links"] = new FaultMix(Storm.Links),
        };

    public Outcome Run(int nodes, int seed, Mutation? mutation = null)
    {
        var trial = new Trial(nodes, seed, mutation ?? Mutation.None);
        return Outcome.Of(trial, FailureOf(() => Play(trial)));
    }

    /// <summary>What went wrong, in words; null when every rule held.</summary>
    public static string? FailureOf(Action play)
    {
        try
        {
            play();
            return null;
        }
        catch (BrokenException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is InvalidOperationException or StoreException
            or ArgumentException or IOException or KeyNotFoundException or FormatException
            or System.Diagnostics.UnreachableException)
        {
            return e.ToString();
        }
    }

    protected abstract void Play(Trial trial);
}
