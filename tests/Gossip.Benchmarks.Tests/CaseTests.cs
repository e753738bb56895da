using System.Diagnostics;
using System.Text.Json;

namespace Gossip.Benchmarks.Tests;

/// <summary>Does each case run, and say what others read? Tiny, and no word about speed.</summary>
public sealed class CaseTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(
        "throughput --count 50",
        "payloads_per_second cpu_seconds_per_1000_deliveries wire_bytes_per_delivery lost")]
    [InlineData("latency --rate 100", "rate p50_ms p99_ms max_ms lost")]
    [InlineData("catch-up --count 50", "entries seconds wire_bytes payload_bytes cpu_seconds")]
    [InlineData("catch-up --count 20 --one-by-one", "entries seconds wire_bytes cpu_seconds")]
    [InlineData("restart --count 3000", "entries seconds memory_bytes")]
    [InlineData("idle", "memory_bytes_per_node cpu_percent_per_node idle_bytes_per_second")]
    [InlineData("micro", "step microseconds")]
    public async Task A_case_prints_its_figures(string arguments, string fields)
    {
        var (code, output, error) = await RunAsync(
        [
            .. arguments.Split(' '),
            "--nodes", "2", "--seconds", "0.3", "--warm-up", "0", "--json",
        ]);

        Assert.True(code == 0, error);
        var figures = Figures(output);
        Assert.NotEmpty(figures);
        Assert.All(figures, f =>
        {
            Assert.Equal(arguments.Split(' ')[0], f.GetProperty("case").GetString());
            Assert.True(f.TryGetProperty("load_average", out _));
            Assert.True(!f.TryGetProperty("lost", out var lost) || lost.GetInt64() == 0);
        });
        Assert.All(fields.Split(' '), field =>
            Assert.Contains(figures, f => f.TryGetProperty(field, out _)));
    }

    [Fact]
    public async Task Payloads_published_one_by_one_share_no_entry()
    {
        var (code, output, error) = await RunAsync(
            "catch-up", "--count", "20", "--one-by-one", "--nodes", "2", "--warm-up", "0",
            "--json");

        Assert.True(code == 0, error);
        Assert.Equal(20, Figures(output).Single().GetProperty("entries").GetInt64());
    }

    [Fact]
    public async Task An_unknown_case_is_a_usage_error()
    {
        var (code, output, error) = await RunAsync("warp");

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("throughput", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_without_figures_is_shown_with_its_error()
    {
        var folder = Directory.CreateTempSubdirectory("gossip-peers-");
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "one.sh"), "/bin/false");
            var (code, output, error) = await RunAsync(
                "throughput", "--count", "20", "--nodes", "2", "--warm-up", "0", "--json",
                "--peers", folder.FullName, "--against", "nats");

            Assert.True(code == 0, error);
            var peer = Figures(output)[^1];
            Assert.Equal("nats-core", peer.GetProperty("peer").GetString());
            Assert.Contains(
                "no figures", peer.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonElement[] Figures(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement),
    ];

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Gossip.Benchmarks.dll"));
        arguments.ToList().ForEach(start.ArgumentList.Add);
        using var run = Process.Start(start)!;
        try
        {
            var output = run.StandardOutput.ReadToEndAsync();
            var error = run.StandardError.ReadToEndAsync();
            await run.WaitForExitAsync().WaitAsync(Deadline);
            return (run.ExitCode, await output, await error);
        }
        finally
        {
            if (!run.HasExited)
            {
                run.Kill(entireProcessTree: true);
            }
        }
    }
}
