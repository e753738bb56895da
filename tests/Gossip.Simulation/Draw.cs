namespace Gossip.Simulation;

/// <summary>All chance of one simulation, from one seed.</summary>
public sealed class Draw(int seed)
{
    public Random Random { get; } = new(seed);

    public bool Chance(double probability) =>
        probability > 0 && Random.NextDouble() < probability;

    /// <summary>Exponentially spread around a mean, at most ten times it.</summary>
    public TimeSpan Around(TimeSpan mean) =>
        mean * Math.Min(10, -Math.Log(1 - Random.NextDouble()));

    public T Pick<T>(IReadOnlyList<T> of) => of[Random.Next(of.Count)];

    public ulong Number() => (ulong)Random.NextInt64(1, long.MaxValue);

    /// <summary>A generator of its own, for a machine that wants one.</summary>
    public Random Child() => new(Random.Next());
}
