using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Api;
using Gossip.Host.Commands;
using Gossip.Tests;
using Gossip.Tests.Hostile;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Node;

/// <summary>What does an operator see of peers, and what can it decide of them?</summary>
[Row("D13")]
public sealed class PeersTests : IDisposable
{
    /// <summary>The real thing costs a process each; twenty are cut off without one.</summary>
    private const int Lives = 4;

    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-peers-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_banned_peer_is_listed_with_its_reason_and_a_pardon_lets_it_in()
    {
        var options = new GossipOptions
        {
            Network = "test",
            Listen = "127.0.0.1:0",
            Topics = [new("news")],
        };
        await using var node = await GossipNode.StartAsync(
            options, NullLoggerFactory.Instance, TimeProvider.System, default);
        await using var api = await ApiServer.StartAsync(
            node, new(options, IPEndPoint.Parse("127.0.0.1:0")), NullLoggerFactory.Instance,
            TimeProvider.System, default);
        var keys = EcKeys.Generate();
        for (var i = 0; i < 3; i++)
        {
            await using var peer = await HostilePeer.MeetAsync(node, keys);
            await peer.TrySendAsync([0xff, 0xff]);
            await peer.EndAsync();
        }

        await using (var away = await HostilePeer.ConnectAsync(node, keys))
        {
            away.Listen();
            Assert.Equal(GoodbyeCode.Banned, await away.EndAsync());
        }

        var shown = await RunAsync(ExitCode.Done, "peers", "--api", api.Address);
        Assert.Contains($"{keys.Self} is banned until", shown, StringComparison.Ordinal);
        Assert.Contains("protocol-abuse", shown, StringComparison.Ordinal);
        Assert.Contains($"gossip peers pardon {keys.Self}", shown, StringComparison.Ordinal);
        var listed = JsonDocument.Parse(
            await RunAsync(ExitCode.Done, "peers", "--json", "--api", api.Address))
            .RootElement.GetProperty("peers")[0].GetProperty("reputation");
        Assert.Equal("banned", listed.GetProperty("standing").GetString());
        Assert.InRange(listed.GetProperty("score").GetDouble(), 90, 100);
        Assert.Equal(3, listed.GetProperty("reasons").GetArrayLength());

        var said = await RunAsync(
            ExitCode.Done, "peers", "pardon", keys.Self.ToString(), "--api", api.Address);
        Assert.Contains("is pardoned; before, it stood banned", said, StringComparison.Ordinal);
        await (await HostilePeer.MeetAsync(node, keys)).DisposeAsync();
    }

    [Fact]
    public async Task A_block_is_kept_over_a_SIGKILL_and_lifted_by_name()
    {
        var did = EcKeys.Generate().Self.ToString();
        using (var node = await GossipProcess.StartNodeAsync(_data))
        {
            var said = JsonDocument.Parse(await RunAsync(
                ExitCode.Done, "peers", "block", did, "--reason", "spoils the mood",
                "--json", "--data", _data)).RootElement;
            Assert.Equal((did, "blocked"), (
                said.GetProperty("did").GetString(), said.GetProperty("decided").GetString()));
            await node.KillAsync();
        }

        using var again = await GossipProcess.StartNodeAsync(_data);
        var shown = await RunAsync(ExitCode.Done, "peers", "--data", _data);
        Assert.Contains(
            $"{did} is blocked by the operator: spoils the mood", shown, StringComparison.Ordinal);
        await RunAsync(ExitCode.Done, "peers", "unblock", did, "--data", _data);
        using var http = new HttpClient { BaseAddress = new(again.Api) };
        var none = await http.GetFromJsonAsync<JsonElement>("/peers");
        Assert.Equal(0, none.GetProperty("peers").GetArrayLength());
    }

    [Fact]
    public async Task What_cannot_be_decided_is_refused_with_a_reason()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        await RunAsync(ExitCode.Usage, "peers", "pardon", "did:key:zNobody", "--data", _data);
        await RunAsync(ExitCode.Refused, "peers", "block", node.Did, "--data", _data);
        using var http = new HttpClient { BaseAddress = new(node.Api) };
        var did = EcKeys.Generate().Self;
        foreach (var body in new[] { "{\"why\":1}", "{\"reason\":", "[]" })
        {
            using var content = new StringContent(body, Encoding.UTF8);
            using var answer = await http.PostAsync($"/peers/{did}/block", content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("body-invalid", await answer.Content.ReadAsStringAsync(),
                StringComparison.Ordinal);
        }

        using var empty = await http.PostAsync($"/peers/{did}/block", null);
        Assert.Equal(HttpStatusCode.OK, empty.StatusCode);
    }

    [Fact]
    [Row("D4")]
    public async Task A_peer_that_is_killed_is_accepted_at_once_and_loses_no_trust()
    {
        using var seed = await GossipProcess.StartNodeAsync(_data, "--topic", "news");
        using var http = new HttpClient { BaseAddress = new(seed.Api) };
        var data = Path.Combine(_data, "member");
        for (var life = 1; life <= Lives; life++)
        {
            using var member = await GossipProcess.StartReadyAsync(
                "member", "--json", "--data", data, "--listen", "127.0.0.1:0",
                "--api", "127.0.0.1:0", "--bootstrap", seed.Listen, "--topic", "news");
            using var its = new HttpClient { BaseAddress = new(member.Api) };
            using var content = new StringContent($"life {life}");
            using var published = await its.PostAsync(
                "/topics/news/entries?acks=peers(1)&acks-timeout=10s", content);
            Assert.Equal(HttpStatusCode.OK, published.StatusCode);
            await member.KillAsync();
        }

        var peers = await http.GetFromJsonAsync<JsonElement>("/peers");
        Assert.All(peers.GetProperty("peers").EnumerateArray(), peer =>
        {
            var reputation = peer.GetProperty("reputation");
            Assert.Equal("good", reputation.GetProperty("standing").GetString());
            Assert.Equal(0, reputation.GetProperty("reasons").GetArrayLength());
        });
    }

    private static async Task<string> RunAsync(int code, params string[] arguments)
    {
        var (ended, output, error) = await GossipProcess.RunAsync(arguments);
        Assert.True(code == ended, $"exit {ended}: {output}{error}");
        return output;
    }
}
