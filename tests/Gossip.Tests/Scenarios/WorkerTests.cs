using System.Text.Json.Nodes;
using Gossip.Simulation.Commands;

namespace Gossip.Tests.Scenarios;

/// <summary>Do several processes find what one finds, and is one that dies told of?</summary>
public sealed class WorkerTests
{
    [Fact]
    [Row("G2")]
    public async Task Two_processes_find_what_one_finds()
    {
        var (code, one) = await RunAsync("--seeds", "1..6", "--processes", "1", "--trace");
        var (_, two) = await RunAsync("--seeds", "1..6", "--processes", "2", "--trace");
        Assert.Equal(0, code);
        Assert.Equal(6, (int)one["seeds"]!);
        Assert.Empty(one["failed_seeds"]!.AsArray());
        Assert.Equal(one["traces"]!.ToJsonString(), two["traces"]!.ToJsonString());
        Assert.Equal((string)one["trace"]!, (string)two["trace"]!);
        Assert.Equal((double)one["virtual_seconds"]!, (double)two["virtual_seconds"]!);
    }

    [Fact]
    [Row("G2")]
    public async Task A_process_that_dies_fails_its_seed_and_no_other()
    {
        var (code, report) = await RunAsync("--seeds", "1..6", "--processes", "2", "--die-at", "3");
        Assert.Equal(1, code);
        Assert.Equal(6, (int)report["seeds"]!);
        Assert.Equal([3], report["failed_seeds"]!.AsArray().Select(seed => (int)seed!));
        Assert.Equal([3], report["crashed_seeds"]!.AsArray().Select(seed => (int)seed!));
    }

    [Fact]
    [Row("G2")]
    public async Task A_bug_that_was_put_in_is_reported_with_its_first_seed()
    {
        var (code, report) = await RunAsync(
            "--seeds", "1..6", "--processes", "1", "--mutation", "possession-before-commit");
        Assert.Equal(0, code);
        Assert.Equal(1, (int)report["found_by_seed"]!);
    }

    [Theory]
    [InlineData("--scenario", "weather")]
    [InlineData("--nodes", "1")]
    [InlineData("--seeds", "5..4")]
    [InlineData("--mutation", "none")]
    public async Task What_is_not_understood_is_said(string name, string value)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(2, await CommandLine.RunAsync([name, value], output, errors));
        Assert.Contains("usage:", errors.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, JsonNode Report)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. args, "--json"], output, errors);
        return (code, JsonNode.Parse(output.ToString())!);
    }
}
