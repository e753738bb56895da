using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gossip.Fuzz.Coverage;
using Gossip.Fuzz.Loops;
using Gossip.Fuzz.Targets;

namespace Gossip.Fuzz.Commands;

/// <summary>
/// Runs each target in a process of its own, with instrumented assemblies: a hang or a full stack
/// ends that process, not the run, and the input that it died of is known.
/// </summary>
internal sealed class Processes(LoopSettings settings, string? keep) : IDisposable
{
    // The kept inputs of one target: twenty such files stay small.
    private const int KeptBytesMax = 12 * 1024;

    private readonly InstrumentedCopy _copy = new();

    public int Blocks => _copy.Blocks;

    private string Minutes =>
        settings.Time.TotalMinutes.ToString("R", CultureInfo.InvariantCulture);

    public async Task<TargetReport> RunAsync(string target, CancellationToken stop)
    {
        var last = Path.GetTempFileName();
        try
        {
            using var process = Start(target, last);
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<TargetReport>(output, Shown.Spelling)!
                : Died(target, process.ExitCode, Watchdog.LastInput(last));
        }
        finally
        {
            File.Delete(last);
        }
    }

    public void Dispose() => _copy.Dispose();

    /// <summary>What such a process does.</summary>
    public static int Work(string target, LoopSettings settings, string last, string? keep)
    {
        using var watchdog = new Watchdog(last, () => Environment.Exit(Watchdog.Hung));
        var loop = new Loop(new(AllTargets.Find(target)!, watchdog), settings);
        var report = loop.Run();
        if (keep is not null)
        {
            SeedFile.Add(keep, target, loop.Corpus, KeptBytesMax);
        }

        Console.WriteLine(JsonSerializer.Serialize(report, Shown.Spelling));
        return 0;
    }

    private TargetReport Died(string target, int exitCode, byte[] input)
    {
        var failure = exitCode == Watchdog.Hung
            ? new Failure(FailureKind.Hang, $"took longer than {Watchdog.Limit.TotalSeconds} s")
            : new Failure(FailureKind.Crash, $"its process ended with exit code {exitCode}");
        return new()
        {
            Target = target,
            Inputs = 0,
            Crashes = failure.Kind == FailureKind.Crash ? 1 : 0,
            Hangs = failure.Kind == FailureKind.Hang ? 1 : 0,
            Findings = [Finding.Keep(target, failure, input, settings.Findings)],
        };
    }

    private Process Start(string target, string last)
    {
        string[] arguments =
        [
            "exec", _copy.Program, "--worker", last, "--target", target,
            "--inputs", settings.Inputs.ToString(CultureInfo.InvariantCulture),
            "--seed", settings.Seed.ToString(CultureInfo.InvariantCulture),
            "--findings", settings.Findings,
            .. keep is null ? [] : new[] { "--keep", keep },
            .. settings.Time == TimeSpan.MaxValue ? [] : new[] { "--minutes", Minutes },
        ];
        return Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
        })!;
    }
}
