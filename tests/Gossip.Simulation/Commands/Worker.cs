using System.Globalization;
using System.Text.Json;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation.Commands;

/// <summary>Plays seeds, one after the other, in this process.</summary>
public static class Worker
{
    public static Outcome[] Run(Options options) =>
        [.. Enumerable.Range(options.First, options.Seeds).Select(seed => Run(options, seed))];

    /// <summary>Reads seeds, one a line; answers with an outcome a line.</summary>
    public static int Serve(Options options, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            var seed = int.Parse(line, CultureInfo.InvariantCulture);
            if (seed == options.DieAt)
            {
                return 99;
            }

            output.WriteLine(JsonSerializer.Serialize(Run(options, seed)));
            output.Flush();
        }

        return 0;
    }

    private static Outcome Run(Options options, int seed)
    {
        var scenario = Scenario.All[options.Scenario];
        var mutation = options.Mutation is { } name ? Mutation.All[name] : Mutation.None;
        var outcome = scenario.Run(options.Nodes, seed, mutation);
        if (!options.IsTwice)
        {
            return outcome;
        }

        var again = scenario.Run(options.Nodes, seed, mutation);
        return again.Trace == outcome.Trace && again.Steps == outcome.Steps
            ? outcome
            : outcome with
            {
                Failure = $"two traces: {outcome.Trace:x16} of {outcome.Steps} steps, "
                    + $"{again.Trace:x16} of {again.Steps}",
            };
    }
}
