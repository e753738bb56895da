using System.Diagnostics;
using Gossip.Simulation.Scenarios;
using Gossip.Simulation.Scripts;

namespace Gossip.Simulation.Commands;

/// <summary>
/// Does what is asked. Exit 0 when all held, 1 when a seed failed, 2 when it is not understood.
/// </summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            var options = Options.Read(args);
            return options switch
            {
                { IsWorker: true } => Worker.Serve(options, Console.In, output),
                { File: { } file } => Play(file, output),
                { Shrink: { } seed } => Shrink(options, seed, output, errors),
                { IsKept: true } => Kept(output, errors),
                _ => await RunAsync(options, output, errors),
            };
        }
        catch (FormatException e)
        {
            await errors.WriteLineAsync($"{e.Message}\n{Options.Usage}");
            return 2;
        }
    }

    private static async Task<int> RunAsync(Options options, TextWriter output, TextWriter errors)
    {
        var watch = Stopwatch.StartNew();
        var outcomes = options.Processes > 1 && options.Seeds > 1
            ? await Workers.RunAsync(options, errors)
            : Worker.Run(options);
        var report = new Report(options, outcomes, watch.Elapsed);
        report.WriteFailures(errors);
        report.Write(output);
        return report.IsGood ? 0 : 1;
    }

    private static int Play(string file, TextWriter output)
    {
        var stage = new Stage(Mutation.None);
        var failure = Scenario.FailureOf(() =>
        {
            foreach (var line in Script.Parse(File.ReadAllLines(file)).Lines)
            {
                stage.Do(line);
            }
        });
        output.Write(stage.TakeTale());
        output.WriteLine(failure ?? $"all held; settled in {stage.Settled.TotalSeconds:0.0} s");
        return failure is null ? 0 : 1;
    }

    private static int Shrink(Options options, int seed, TextWriter output, TextWriter errors)
    {
        if (Scenario.All[options.Scenario] is not FaultMix mix)
        {
            throw new FormatException($"{options.Scenario} draws no script that could be shrunk");
        }

        var mutation = options.Mutation is { } name ? Mutation.All[name] : Mutation.None;
        var shrinker = new Shrinker(mutation, errors.WriteLine);
        if (shrinker.Shrink(mix.ScriptOf(options.Nodes, seed)) is not { } least)
        {
            output.WriteLine($"seed {seed} does not fail");
            return 0;
        }

        output.WriteLine($"# {least.Failure.ReplaceLineEndings(" ")}");
        output.WriteLine($"# what is left of --scenario {options.Scenario} "
            + $"--nodes {options.Nodes} --seeds {seed}..{seed}: play it with --file");
        least.Script.Lines.ToList().ForEach(output.WriteLine);
        return 1;
    }

    private static int Kept(TextWriter output, TextWriter errors)
    {
        var failed = 0;
        foreach (var seed in KeptSeed.All)
        {
            if (seed.Run().Failure is { } failure)
            {
                failed++;
                errors.WriteLine($"{seed}: {failure}");
            }
        }

        output.WriteLine($"{KeptSeed.All.Count} kept seeds, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
