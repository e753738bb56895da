using System.Text.Json;
using Gossip.Actors.Protocol;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>Can a person see what is used of each limit, and which option to change?</summary>
[Row("D11")]
public sealed class LimitsTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-limits-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Every_limit_is_shown_with_its_option_and_its_counter()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        await GossipProcess.RunAsync("one", ["publish", "news", "--data", _data]);
        var (code, json, _) = await GossipProcess.RunAsync("limits", "--json", "--data", _data);
        var (_, table, _) = await GossipProcess.RunAsync("limits", "--data", _data);
        var (_, status, _) = await GossipProcess.RunAsync("status", "--json", "--data", _data);

        Assert.Equal(ExitCode.Done, code);
        using var shown = JsonDocument.Parse(json);
        using var counters = JsonDocument.Parse(status);
        var limits = shown.RootElement.GetProperty("limits").EnumerateArray().ToArray();
        Assert.Equal(Enum.GetValues<LimitKind>().Length, limits.Length);
        Assert.All(limits, limit =>
        {
            var name = limit.GetProperty("limit").GetString()!;
            Assert.Contains(limit.GetProperty("option").GetString()!, Schema.ByPath.Keys);
            Assert.True(
                limit.GetProperty("max").GetInt64() > 0
                || name.StartsWith("stored-", StringComparison.Ordinal), name);
            Assert.Equal(
                limit.GetProperty("rejected").GetInt64(),
                counters.RootElement.GetProperty("counters")
                    .GetProperty($"limit-rejected.{name}").GetInt64());
            Assert.Contains($"\n{name} ", table, StringComparison.Ordinal);
        });
        Assert.Equal(
            "gossip.sizes.connections-per-address-max",
            limits.Single(l => l.GetProperty("limit").GetString() == "connections-per-address")
                .GetProperty("option").GetString());
        Assert.Equal(ExitCode.Done, await node.TerminateAsync());
    }
}
