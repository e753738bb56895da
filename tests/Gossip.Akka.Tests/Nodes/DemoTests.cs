using System.Diagnostics;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Host.Node;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>
/// Processes on Akka.NET: do they lose nothing when one is killed under load, and another is cut
/// off for a while?
/// </summary>
[Trait("Row", "G9")]
public sealed class DemoTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task The_demo_ends_with_equal_roots_and_nothing_lost_or_doubled()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "gossip.dll"), "demo", "--json",
            },
        };
        using var demo = Process.Start(start)!;
        var (said, noted) = (
            demo.StandardOutput.ReadToEndAsync(), demo.StandardError.ReadToEndAsync());
        await Task.WhenAll(said, noted).WaitAsync(Deadline);
        await demo.WaitForExitAsync();
        Assert.True(demo.ExitCode == 0, await noted + await said);
        Assert.Contains("\"lost\":0", await said, StringComparison.Ordinal);
        Assert.Contains("\"duplicates\":0", await said, StringComparison.Ordinal);
    }

    /// <summary>So the demo's nodes, which say nothing else, run on it.</summary>
    [Fact]
    public void This_build_runs_on_akka_unless_told_otherwise()
    {
        Assert.Equal(RuntimeKind.Akka, Configured("").Runtime);
        Assert.Equal(RuntimeKind.Embedded, Configured("embedded").Runtime);

        static Settings Configured(string variable) => Layers.Read(
            NodeRole.Member, null,
            variable.Length == 0
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["GOSSIP_RUNTIME"] = variable },
            []).Checked().Settings;
    }
}
