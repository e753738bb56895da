using System.Net.Http.Json;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>Consumers that the node remembers by name, and readers that go away.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-subscription-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    [Row("G13")]
    public async Task A_named_tail_goes_on_where_it_was_after_SIGKILL_of_the_node()
    {
        using (var node = await StartAsync("one", "two", "three"))
        {
            Assert.Equal("one\n", await TailAsync("--name", "w", "--count", "1"));
            Assert.Equal("two\n", await TailAsync("--name", "w", "--count", "1"));
            await node.KillAsync();
        }

        using var again = await StartAsync("four");
        Assert.Equal("three\nfour\n", await TailAsync("--name", "w", "--no-follow"));
        Assert.Equal("", await TailAsync("--name", "w", "--no-follow"));
    }

    [Fact]
    [Row("G13")]
    public async Task A_named_tail_ends_between_entries_so_that_nothing_comes_twice()
    {
        using var node = await StartAsync("a\nb\nc\n", "d");
        Assert.Equal("a\nb\nc\n", await TailAsync("--name", "w", "--count", "1"));
        Assert.Equal("d\n", await TailAsync("--name", "w", "--count", "1"));
    }

    [Fact]
    [Row("G13")]
    public async Task Lag_is_listed_and_falls_as_a_follower_acknowledges()
    {
        using var node = await StartAsync("one", "two");
        await TailAsync("--name", "w", "--count", "1");
        Assert.Equal((1, 1), await StandAsync("w"));

        using var tail = GossipProcess.Start("tail", "news", "--name", "w", "--data", _data);
        Assert.Equal("two", await tail.ReadLineAsync());
        await UntilAsync("w", (2, 0));
        await PublishAsync("three");
        Assert.Equal("three", await tail.ReadLineAsync());
        await UntilAsync("w", (3, 0));
        Assert.Equal(ExitCode.Done, await tail.TerminateAsync());
    }

    [Fact]
    [Row("G13")]
    public async Task An_end_of_a_log_leaves_no_lag_behind()
    {
        using var node = await StartAsync("one");
        var (code, _, _) = await GossipProcess.RunAsync("topics", "end", "news", "--data", _data);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("one\n", await TailAsync("--name", "w", "--no-follow"));
        Assert.Equal((2, 0), await StandAsync("w"));
    }

    [Fact]
    [Row("G13")]
    public async Task A_subscription_is_moved_and_forgotten_by_name_only()
    {
        using var node = await StartAsync("one", "two", "three");
        await TailAsync("--name", "w", "--no-follow");

        Assert.Equal(ExitCode.Done, await RunAsync("reset", "w", "1"));
        Assert.Equal((1, 2), await StandAsync("w"));
        Assert.Equal("two\nthree\n", await TailAsync("--name", "w", "--no-follow"));
        Assert.Equal(ExitCode.Done, await RunAsync("reset", "w", "start"));
        Assert.Equal((0, 3), await StandAsync("w"));
        Assert.Equal("", await TailAsync("--name", "w", "--from", "now", "--no-follow"));
        Assert.Equal((3, 0), await StandAsync("w"));

        Assert.Equal(ExitCode.Refused, await RunAsync("reset", "w", "4"));
        Assert.Equal(ExitCode.Usage, await RunAsync("reset", "w", "yesterday"));
        Assert.Equal(ExitCode.Refused, await RunAsync("reset", "v", "1"));
        Assert.Equal(ExitCode.Done, await RunAsync("remove", "w"));
        Assert.Equal(ExitCode.Refused, await RunAsync("remove", "w"));
    }

    [Fact]
    [Row("G13")]
    public async Task Any_printable_name_goes_through_HTTP_and_back()
    {
        const string name = "a/b c%2Fd é";
        using var node = await StartAsync("one", "two");
        using var http = new HttpClient();
        var url = $"{node.Api}/topics/news/subscriptions/{Uri.EscapeDataString(name)}";

        await http.PutAsync(url, JsonContent.Create(new { position = 1 }));

        Assert.Equal((1, 1), await StandAsync(name));
        using var deleted = await http.DeleteAsync(url);
        Assert.True(deleted.IsSuccessStatusCode);
        using var missing = await http.DeleteAsync(url);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    [Row("G13")]
    public async Task A_stream_by_name_begins_after_what_was_acknowledged()
    {
        using var node = await StartAsync("one", "two");
        using var http = new HttpClient();
        await http.PutAsync($"{node.Api}/topics/news/subscriptions/w",
            JsonContent.Create(new { position = 1 }));
        using var response = await http.GetAsync(
            $"{node.Api}/topics/news/stream?name=w", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal(": from 1", await lines.ReadLineAsync().WaitAsync(GossipProcess.Deadline));
        Assert.Equal("", await lines.ReadLineAsync().WaitAsync(GossipProcess.Deadline));
        Assert.Equal("id: 2.0", await lines.ReadLineAsync().WaitAsync(GossipProcess.Deadline));
    }

    [Theory]
    [InlineData("tail", "news")]
    [InlineData("tail", "news", "--name", "w")]
    public async Task A_tail_ends_when_nobody_reads_it_any_more(params string[] arguments)
    {
        using var node = await StartAsync("one");
        using var tail = GossipProcess.Start([.. arguments, "--data", _data]);
        Assert.Equal("one", await tail.ReadLineAsync());
        Assert.Equal(ExitCode.Done, await tail.StopReadingAsync());
    }

    private async Task<GossipProcess> StartAsync(params string[] entries)
    {
        var node = await GossipProcess.StartNodeAsync(_data, "--topic", "news");
        foreach (var entry in entries)
        {
            await PublishAsync(entry);
        }

        return node;
    }

    private async Task PublishAsync(string lines)
    {
        var (code, _, error) = await GossipProcess.RunAsync(
            lines, ["publish", "news", "--data", _data]);
        Assert.True(code == ExitCode.Done, error);
    }

    private async Task<string> TailAsync(params string[] arguments) =>
        (await GossipProcess.RunAsync(["tail", "news", "--data", _data, .. arguments])).Output;

    private async Task<int> RunAsync(string verb, params string[] arguments) =>
        (await GossipProcess.RunAsync(
            ["subscription", verb, "news", .. arguments, "--data", _data])).Code;

    private async Task<(long Position, long Lag)> StandAsync(string name)
    {
        var (_, output, _) = await GossipProcess.RunAsync(
            "subscription", "list", "--json", "--data", _data);
        using var list = JsonDocument.Parse(output);
        var found = Assert.Single(
            list.RootElement.GetProperty("subscriptions").EnumerateArray(),
            subscription => subscription.GetProperty("name").GetString() == name);
        return (found.GetProperty("position").GetInt64(), found.GetProperty("lag").GetInt64());
    }

    private async Task UntilAsync(string name, (long, long) expected)
    {
        using var late = new CancellationTokenSource(GossipProcess.Deadline, TimeProvider.System);
        while (await StandAsync(name) != expected)
        {
            late.Token.ThrowIfCancellationRequested();
        }
    }
}
