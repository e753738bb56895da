using System.Globalization;

namespace Gossip.Simulation.Commands;

/// <summary>What is asked of the simulator, as the command line says it.</summary>
public sealed record Options
{
    public const string Usage = """
        usage: Gossip.Simulation
                 [--scenario faults|lossy|links|line|fork|stale|two-faced|stale-restore|policy]
                 [--nodes N] [--seeds A..B] [--processes P] [--twice] [--trace] [--json]
                 [--mutation possession-before-commit|clock-from-peer|arrival-closure|reused-number]
               Gossip.Simulation --shrink SEED [--scenario S] [--nodes N] [--mutation M]
               Gossip.Simulation --file SCRIPT
               Gossip.Simulation --kept
          --twice       plays each seed twice and compares the traces
          --mutation    puts a bug in, and looks for the first seed that finds it
          --shrink      leaves of a failing schedule what it takes to fail; prints a script
          --file        plays a script
          --kept        plays every seed that ever failed
        """;

    public string Scenario { get; init; } = "faults";

    public int Nodes { get; init; } = 5;

    public int First { get; init; } = 1;

    public int Last { get; init; } = 100;

    /// <summary>1 for this process alone.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    public string? Mutation { get; init; }

    public int? Shrink { get; init; }

    public string? File { get; init; }

    public bool IsKept { get; init; }

    public bool IsTwice { get; init; }

    public bool IsTraced { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Plays the seeds that a parent process names.</summary>
    public bool IsWorker { get; init; }

    /// <summary>A worker dies there: to see that its parent tells.</summary>
    public int? DieAt { get; init; }

    public int Seeds => Last - First + 1;

    /// <exception cref="FormatException">Says what was not understood.</exception>
    public static Options Read(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            (options, var isFlag) = options.With(args[i], value);
            i += isFlag ? 0 : 1;
        }

        return options;
    }

    private (Options Options, bool IsFlag) With(string name, string value) => name switch
    {
        "--json" => (this with { IsJson = true }, true),
        "--trace" => (this with { IsTraced = true }, true),
        "--twice" => (this with { IsTwice = true }, true),
        "--kept" => (this with { IsKept = true }, true),
        "--worker" => (this with { IsWorker = true }, true),
        "--scenario" when Scenarios.Scenario.All.ContainsKey(value) =>
            (this with { Scenario = value }, false),
        "--mutation" when Simulation.Mutation.All.ContainsKey(value) =>
            (this with { Mutation = value }, false),
        "--nodes" => (this with { Nodes = Number(value, 2, 1000) }, false),
        "--processes" or "--threads" => (this with { Processes = Number(value, 1, 64) }, false),
        "--shrink" => (this with { Shrink = Number(value, 0, int.MaxValue - 1) }, false),
        "--die-at" => (this with { DieAt = Number(value, 0, int.MaxValue - 1) }, false),
        "--file" when value.Length > 0 => (this with { File = value }, false),
        "--seeds" => (WithSeeds(value), false),
        _ => throw new FormatException($"not understood: {name} {value}"),
    };

    private Options WithSeeds(string value)
    {
        var ends = value.Split("..");
        var first = Number(ends[0], 0, int.MaxValue - 1);
        return this with { First = first, Last = Number(ends[^1], first, int.MaxValue - 1) };
    }

    private static int Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? number
            : throw new FormatException($"not understood: '{text}', expected {min} to {max}");
}
