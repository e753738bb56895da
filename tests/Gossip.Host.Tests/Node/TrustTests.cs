using System.Text.Json;
using Gossip.Actors.Runtime;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary><c>gossip trust</c> through the real process.</summary>
[Row("D10")]
public sealed class TrustTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-trust-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Attestations_are_added_shown_explained_and_removed()
    {
        var (friend, stranger) = (EcKeys.Generate().Self, EcKeys.Generate().Self);
        using var node = await GossipProcess.StartNodeAsync(_data);

        Assert.Equal(
            $"trusts {friend} with 0.8, for everyone to see\n",
            await RunAsync("add", $"{friend}", "0.8", "--note", "met in person"));
        using (var again = JsonDocument.Parse(
            await RunAsync("add", $"{friend}", "0.9", "--note", "an old friend", "--json")))
        {
            Assert.Equal(0.9, again.RootElement.GetProperty("weight").GetDouble());
            Assert.Equal(node.Did, again.RootElement.GetProperty("from").GetString());
        }

        var shown = (await RunAsync("show")).Split('\n');
        Assert.StartsWith("SCORE  CLASS", shown[0], StringComparison.Ordinal);
        Assert.Equal(
            ["0.63", "partner", "0.9", "0", $"{friend}", "an", "old", "friend"],
            shown[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var explained = await RunAsync("explain", $"{friend}");
        Assert.Contains("score    0.63, partner\n         0.7 × 0.9 + 0.3 × 0 = 0.63\n", explained,
            StringComparison.Ordinal);
        Assert.Contains("an old friend", explained, StringComparison.Ordinal);
        using (var other = JsonDocument.Parse(await RunAsync(
            "explain", $"{stranger}", "--from", $"{friend}", "--json")))
        {
            Assert.Equal(0, other.RootElement.GetProperty("score").GetDouble());
            Assert.Equal("isolated", other.RootElement.GetProperty("class").GetString());
            Assert.Equal($"{friend}", other.RootElement.GetProperty("viewpoint").GetString());
        }

        Assert.Equal($"no longer trusts {friend}\n", await RunAsync("remove", $"{friend}"));
        var (code, _, error) = await GossipProcess.RunAsync(
            "trust", "remove", $"{friend}", "--json", "--data", _data);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("\"error\":\"attestation-unknown\"", error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await GossipProcess.RunAsync(
            ["trust", .. arguments, "--data", _data]);
        Assert.True(code == ExitCode.Done, error);
        return output;
    }
}
