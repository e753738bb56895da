using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gossip.Simulation.Scenarios;

namespace Gossip.Simulation.Commands;

/// <summary>
/// Plays seeds in several processes, each of which takes the next seed as soon as it has ended one.
/// A process that dies fails the seed that it played, and a new one goes on.
/// </summary>
public static class Workers
{
    public static async Task<Outcome[]> RunAsync(Options options, TextWriter errors)
    {
        var seeds = new ConcurrentQueue<int>(Enumerable.Range(options.First, options.Seeds));
        var outcomes = new ConcurrentBag<Outcome>();
        var workers = Enumerable.Range(0, Math.Min(options.Processes, options.Seeds))
            .Select(_ => WorkAsync(options, seeds, outcomes, errors));
        await Task.WhenAll(workers);
        return [.. outcomes.OrderBy(o => o.Seed)];
    }

    private static async Task WorkAsync(
        Options options,
        ConcurrentQueue<int> seeds,
        ConcurrentBag<Outcome> outcomes,
        TextWriter errors)
    {
        var isEnough = false;
        while (!isEnough && !seeds.IsEmpty)
        {
            using var process = Start(options);
            while (!isEnough && seeds.TryDequeue(out var seed))
            {
                if (await AskAsync(process, seed) is { } outcome)
                {
                    outcomes.Add(outcome);

                    // Looking for one seed that finds a bug: then nobody needs to look further.
                    isEnough = options.Mutation is not null
                        && outcomes.Any(o => o.Failure is not null);
                    continue;
                }

                await process.WaitForExitAsync();
                var reason = $"its process ended with exit code {process.ExitCode}";
                outcomes.Add(new() { Seed = seed, Failure = reason, IsCrash = true });
                await errors.WriteLineAsync($"seed {seed}: {reason}");
                break;
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<Outcome?> AskAsync(Process process, int seed)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(
                seed.ToString(CultureInfo.InvariantCulture));
            await process.StandardInput.FlushAsync();
            return await process.StandardOutput.ReadLineAsync() is { } line
                ? JsonSerializer.Deserialize<Outcome>(line)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Process Start(Options options)
    {
        var assembly = typeof(Workers).Assembly.Location;
        List<string> args =
        [
            assembly, "--worker", "--scenario", options.Scenario,
            "--nodes", options.Nodes.ToString(CultureInfo.InvariantCulture),
            .. options.IsTwice ? ["--twice"] : Array.Empty<string>(),
            .. options.Mutation is { } mutation ? ["--mutation", mutation] : Array.Empty<string>(),
            .. options.DieAt is { } seed
                ? ["--die-at", seed.ToString(CultureInfo.InvariantCulture)]
                : Array.Empty<string>(),
        ];
        return Process.Start(new ProcessStartInfo("dotnet", args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("dotnet could not be started");
    }
}
