using System.Net;
using System.Text;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>The real executable: a node in its own process, as people use it.</summary>
public sealed class NodeTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-host-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_is_published_is_read_and_SIGTERM_ends_in_order()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);

        var (published, output, note) = await GossipProcess.RunAsync(
            "one\n\ntwo", ["publish", "a/b", "--data", _data, "--json"]);
        var (_, lines, _) = await GossipProcess.RunAsync(
            "tail", "a/b", "--no-follow", "--api", node.Api);

        Assert.Equal(ExitCode.Done, published);
        Assert.Contains("\"payloads\":3,", output, StringComparison.Ordinal);
        Assert.Contains("joined topic 'a/b'", note, StringComparison.Ordinal);
        Assert.Equal("one\n\ntwo\n", lines);
        Assert.Equal(ExitCode.Done, await node.TerminateAsync());
        Assert.False(File.Exists(Path.Combine(_data, "api.address")));
    }

    [Fact]
    public async Task Entries_and_identity_survive_a_restart()
    {
        string did;
        using (var node = await GossipProcess.StartNodeAsync(_data))
        {
            await GossipProcess.RunAsync("kept", ["publish", "news", "--api", node.Api]);
            did = await DidAsync(node);
            Assert.Equal(ExitCode.Done, await node.TerminateAsync());
        }

        using var again = await GossipProcess.StartNodeAsync(_data);
        var (_, lines, _) = await GossipProcess.RunAsync(
            "tail", "news", "--no-follow", "--api", again.Api);

        Assert.Equal("kept\n", lines);
        Assert.Equal(did, await DidAsync(again));
    }

    [Fact]
    public async Task A_tail_resumes_when_the_node_comes_back()
    {
        var node = await GossipProcess.StartNodeAsync(_data);
        try
        {
            await GossipProcess.RunAsync("one", ["publish", "news", "--data", _data]);
            using var tail = GossipProcess.Start(
                "tail", "news", "--data", _data, "--count", "2");
            Assert.Equal("one", await tail.ReadLineAsync());

            await node.TerminateAsync();
            node.Dispose();
            node = await GossipProcess.StartNodeAsync(_data);
            await GossipProcess.RunAsync("two", ["publish", "news", "--data", _data]);

            Assert.Equal("two", await tail.ReadLineAsync());
            Assert.Null(await tail.ReadLineAsync());
        }
        finally
        {
            node.Dispose();
        }
    }

    [Fact]
    public async Task A_stream_resumes_after_the_last_event_it_gave()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        await GossipProcess.RunAsync("a\nb\nc", ["publish", "news", "--api", node.Api]);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{node.Api}/topics/news/stream");
        request.Headers.Add("Last-Event-ID", "1.0");
        using var response = await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(GossipProcess.Deadline);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var id = "";
        while (!id.StartsWith("id: ", StringComparison.Ordinal))
        {
            id = await reader.ReadLineAsync().WaitAsync(GossipProcess.Deadline) ?? "id: none";
        }

        Assert.Equal("id: 1.1", id);
    }

    [Theory]
    [Row("F8")]
    [InlineData("GET", "/topics/unknown", HttpStatusCode.NotFound, "topic-unknown")]
    [InlineData("GET", "/topics/unknown/entries", HttpStatusCode.NotFound, "topic-unknown")]
    [InlineData("GET", "/topics/unknown/stream", HttpStatusCode.NotFound, "topic-unknown")]
    [InlineData("POST", "/topics/unknown/entries", HttpStatusCode.NotFound, "topic-unknown")]
    [InlineData("POST", "/topics/known/entries?acks=2x", HttpStatusCode.BadRequest,
        "acks-invalid")]
    [InlineData("POST", "/topics/known/entries?acks=1&acks-timeout=5", HttpStatusCode.BadRequest,
        "acks-timeout-invalid")]
    [InlineData("POST", "/topics/known/entries?key=", HttpStatusCode.BadRequest, "key-invalid")]
    [InlineData("POST", "/topics/known/entries?ack=1", HttpStatusCode.BadRequest, "query-invalid")]
    [InlineData("POST", "/topics/a$b/join", HttpStatusCode.BadRequest, "topic-invalid")]
    [InlineData("GET", "/entries/xyz", HttpStatusCode.BadRequest, "entry-invalid")]
    [InlineData("GET", "/entries/00", HttpStatusCode.BadRequest, "entry-invalid")]
    [InlineData("GET", "/topics/known/entries?after=x", HttpStatusCode.BadRequest,
        "position-invalid")]
    [InlineData("GET", "/topics/known/entries?limit=0", HttpStatusCode.BadRequest,
        "limit-invalid")]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound, "route-unknown")]
    public async Task Every_refusal_has_a_status_and_a_code(
        string method, string path, HttpStatusCode status, string code)
    {
        using var node = await GossipProcess.StartNodeAsync(_data, "--topic", "known");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new(method), node.Api + path);
        request.Content = method == "POST" ? new StringContent("x") : null;

        using var response = await http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, error.RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("Host", "example.org", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "http://example.org", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:3000", HttpStatusCode.OK)]
    public async Task Other_sites_cannot_use_a_node(
        string header, string value, HttpStatusCode expected)
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{node.Api}/status");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_named_after_those_before_it_are_published()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        var (code, _, error) = await GossipProcess.RunAsync(
            $"one\ntwo\n{new string('x', 300_000)}\n", ["publish", "news", "--api", node.Api]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("Line 3 has more than 262144 bytes", error, StringComparison.Ordinal);
        Assert.Contains("2 payloads were acknowledged", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_payload_keeps_its_bytes_and_its_content_type()
    {
        using var node = await GossipProcess.StartNodeAsync(_data, "--topic", "news");
        using var http = new HttpClient();
        using var content = new ByteArrayContent([0x79, 0xff, 0x0a]);
        content.Headers.ContentType = new("application/octet-stream");
        await http.PostAsync($"{node.Api}/topics/news/entries", content);

        var page = await http.GetStringAsync($"{node.Api}/topics/news/entries");

        Assert.Contains(
            "{\"base64\":\"ef8K\",\"headers\":{\"content-type\":\"application/octet-stream\"}}",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_node_on_one_data_directory_is_refused()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        var (code, _, error) = await GossipProcess.RunAsync(
            "member", "--data", _data, "--api", "127.0.0.1:0");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(_data, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_API_address_is_refused_and_named()
    {
        using var node = await GossipProcess.StartNodeAsync(_data);
        var address = node.Api["http://".Length..];
        var (code, _, error) = await GossipProcess.RunAsync(
            "member", "--memory", "--api", address);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(address, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_none_is_refused()
    {
        var key = Path.Combine(_data, "node.key");
        await File.WriteAllTextAsync(key, "this is no key");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var (code, _, error) = await GossipProcess.RunAsync(
            "member", "--data", _data, "--api", "127.0.0.1:0");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(key, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_configuration_ends_before_the_node_starts()
    {
        var file = Path.Combine(_data, "node.conf");
        await File.WriteAllTextAsync(file, "gossip.netwrok = x");
        var (code, output, error) = await GossipProcess.RunAsync("member", "--config", file);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains($"{file}:1:1: Unknown key", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_topics_peers_and_sync_answer_as_JSON()
    {
        using var node = await GossipProcess.StartNodeAsync(_data, "--topic", "news");
        foreach (var (command, key, expected) in new[]
        {
            ("status", "did", ExitCode.Done),
            ("topics", "topics", ExitCode.Done),
            ("peers", "peers", ExitCode.Done),
            ("sync", "results", ExitCode.Failed),
        })
        {
            var (code, output, _) = await GossipProcess.RunAsync(
                command, "--json", "--api", node.Api);
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(output));
            Assert.True(json.RootElement.TryGetProperty(key, out _), $"{command}: {output}");
            Assert.Equal(expected, code);
        }
    }

    [Fact]
    public async Task A_key_is_made_once_and_names_the_node()
    {
        var (none, _, hint) = await GossipProcess.RunAsync("key", "--data", _data);
        var (_, made, _) = await GossipProcess.RunAsync("key", "new", "--data", _data);
        var (found, did, _) = await GossipProcess.RunAsync("key", "--data", _data);
        using var node = await GossipProcess.StartNodeAsync(_data);

        Assert.Equal(ExitCode.Failed, none);
        Assert.Contains("gossip key new", hint, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, found);
        Assert.Equal(made, did);
        Assert.Equal(did.Trim(), await DidAsync(node));
    }

    [Fact]
    public async Task A_demo_converges_without_loss_and_prints_nothing_but_its_result()
    {
        var (code, output, error) = await GossipProcess.RunAsync("demo", "--json");
        using var report = JsonDocument.Parse(output);
        Assert.True(code == ExitCode.Done, output + error);
        Assert.Equal(
            ["converged", "nodes", "payloads", "lost", "duplicates", "seconds", "roots"],
            report.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(1500, report.RootElement.GetProperty("payloads").GetInt32());
        Assert.Contains("cut all nodes off", error, StringComparison.Ordinal);
    }

    private static async Task<string> DidAsync(GossipProcess node)
    {
        var (_, status, _) = await GossipProcess.RunAsync("status", "--json", "--api", node.Api);
        using var json = JsonDocument.Parse(status);
        return json.RootElement.GetProperty("did").GetString()!;
    }
}
