using System.Globalization;
using System.Reflection;

namespace Gossip.Simulation.Scenarios;

/// <summary>
/// A seed that failed once, for good reason, and must never fail again. They stand in
/// failed-seeds.txt: scenario, nodes, seed, why.
/// </summary>
public sealed record KeptSeed(string Scenario, int Nodes, int Seed, string Why)
{
    public static IReadOnlyList<KeptSeed> All { get; } = [.. Read()];

    public Outcome Run() => Scenarios.Scenario.All[Scenario].Run(Nodes, Seed);

    public override string ToString() => $"{Scenario}, {Nodes} nodes, seed {Seed} ({Why})";

    private static IEnumerable<KeptSeed> Read()
    {
        using var stream = Assembly.GetExecutingAssembly()
            .GetManifestResourceStream("failed-seeds.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries)
                is [var scenario and not "#", var nodes, var seed, var why])
            {
                yield return new(
                    scenario,
                    int.Parse(nodes, CultureInfo.InvariantCulture),
                    int.Parse(seed, CultureInfo.InvariantCulture),
                    why);
            }
        }
    }
}
