using System.Net;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>
/// What does a publisher get from a real node: peers that hold it, and nothing twice?
/// </summary>
public sealed class PublishTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-host-tests-").FullName;

    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    [Row("G11")]
    [Row("G12")]
    public async Task Too_few_peers_is_a_504_with_receipts_and_a_retry_with_the_key_is_the_same()
    {
        using var node = await StartAsync("a");
        var (early, missing) = await PostAsync(node, "acks=peers(1)&acks-timeout=50ms&key=k");
        Assert.Equal(HttpStatusCode.GatewayTimeout, early);
        Assert.Equal("acks-missing", missing.GetProperty("error").GetString());
        var first = Assert.Single(missing.GetProperty("receipts").EnumerateArray());
        Assert.Empty(first.GetProperty("holders").EnumerateArray());

        using var peer = await StartAsync("b", "--bootstrap", node.Listen);
        var (late, answer) = await PostAsync(node, "acks=peers(1)&acks-timeout=60s&key=k");
        Assert.Equal(HttpStatusCode.OK, late);
        var second = Assert.Single(answer.GetProperty("receipts").EnumerateArray());
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(
            peer.Did,
            Assert.Single(second.GetProperty("holders").EnumerateArray()).GetString());
        var (_, lines, _) = await GossipProcess.RunAsync(
            "tail", "news", "--no-follow", "--api", peer.Api);
        Assert.Equal("kept\n", lines);
    }

    [Fact]
    [Row("G12")]
    public async Task A_command_that_is_repeated_with_its_key_publishes_once()
    {
        using var node = await StartAsync("a");
        string[] command = ["publish", "news", "--key", "order 17", "--json", "--api", node.Api];
        var (code, output, _) = await GossipProcess.RunAsync("one\ntwo\n", command);
        var (again, repeated, _) = await GossipProcess.RunAsync("one\ntwo\n", command);

        Assert.Equal((ExitCode.Done, ExitCode.Done), (code, again));
        Assert.Equal(output.Split('\n')[..2], repeated.Split('\n')[..2]);
        var (_, lines, _) = await GossipProcess.RunAsync(
            "tail", "news", "--no-follow", "--api", node.Api);
        Assert.Equal("one\ntwo\n", lines);
    }

    [Fact]
    [Row("G12")]
    public async Task An_input_that_does_not_fit_one_publish_has_no_key()
    {
        using var node = await StartAsync("a");
        var (code, _, error) = await GossipProcess.RunAsync(
            string.Concat(Enumerable.Repeat("x\n", 501)),
            ["publish", "news", "--key", "k", "--json", "--api", node.Api]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("{\"error\":\"payloads-too-many\"", error, StringComparison.Ordinal);
        var (_, lines, _) = await GossipProcess.RunAsync(
            "tail", "news", "--no-follow", "--api", node.Api);
        Assert.Empty(lines);
    }

    [Fact]
    [Row("G11")]
    public async Task A_command_that_waits_in_vain_ends_with_1_and_gives_its_receipt()
    {
        using var node = await StartAsync("a");
        var (code, output, error) = await GossipProcess.RunAsync("kept", [
            "publish", "news", "--acks", "1", "--acks-timeout", "50ms", "--json",
            "--api", node.Api,
        ]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("{\"error\":\"acks-missing\"", error, StringComparison.Ordinal);
        Assert.Contains("\"holders\":[]}\n", output, StringComparison.Ordinal);
        Assert.Contains("\"complete\":false", output, StringComparison.Ordinal);
    }

    [Fact]
    [Row("G11")]
    public async Task A_node_that_is_told_to_stop_answers_who_waits_for_peers_and_ends_in_order()
    {
        using var node = await StartAsync("a");
        var waiting = PostAsync(node, "acks=peers(1)&acks-timeout=60m");
        string lines;
        do
        {
            (_, lines, _) = await GossipProcess.RunAsync(
                "tail", "news", "--no-follow", "--api", node.Api);
        }
        while (lines.Length == 0);

        Assert.Equal(ExitCode.Done, await node.TerminateAsync());
        var (status, missing) = await waiting.WaitAsync(GossipProcess.Deadline);
        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Single(missing.GetProperty("receipts").EnumerateArray());
    }

    private Task<GossipProcess> StartAsync(string name, params string[] more) =>
        GossipProcess.StartNodeAsync(
            Path.Combine(_data, name), ["--topic", "news", .. more]);

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        GossipProcess node, string query)
    {
        using var content = new StringContent("kept");
        using var response = await _http.PostAsync(
            new Uri($"{node.Api}/topics/news/entries?{query}"), content);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, answer.RootElement.Clone());
    }
}
