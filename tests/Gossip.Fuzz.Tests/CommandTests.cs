using System.Diagnostics;
using System.Text.Json;
using Gossip.Fuzz.Commands;
using Gossip.Fuzz.Loops;

namespace Gossip.Fuzz.Tests;

/// <summary>Does the command do what it says, as a process?</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_run_counts_edges_and_reports_an_object_a_target()
    {
        using var run = new ShortRun();
        var (code, output, errors) = await RunAsync(
            "--target", "address", "topic-name", "--inputs", "500", "--json",
            "--findings", run.Folder);
        Assert.True(code == 0, errors);
        var reports = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<TargetReport>(line, Shown.Spelling)!)
            .ToArray();
        Assert.Equal(["address", "topic-name"], reports.Select(report => report.Target));
        Assert.All(
            reports, report => Assert.True(report is { Inputs: >= 500, Edges: > 5 }, output));
    }

    [Fact]
    public async Task A_kept_input_is_tried_again()
    {
        using var run = new ShortRun();
        var file = Path.Combine(run.Folder, "input");
        await File.WriteAllTextAsync(file, "localhost:7780");
        var (code, output, errors) = await RunAsync("--target", "address", "--replay", file);
        Assert.True(code == 0, errors);
        Assert.StartsWith("address: 14 bytes, of both", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "nothing")]
    [InlineData("--inputs", "0")]
    [InlineData("--minutes", "-1")]
    [InlineData("--replay", "missing")]
    public async Task What_is_not_understood_ends_with_2_and_a_reason(string option, string value)
    {
        var (code, _, errors) = await RunAsync(option, value);
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        params string[] arguments)
    {
        var program = typeof(FuzzCommand).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
