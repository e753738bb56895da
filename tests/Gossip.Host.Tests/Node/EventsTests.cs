using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>Two real nodes: what one tells about the other, and who is apart.</summary>
public sealed class EventsTests : IDisposable
{
    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-events-tests-").FullName;

    private string First => Path.Combine(_data, "first");

    private string Second => Path.Combine(_data, "second");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    [Row("F4")]
    [Row("F9")]
    [Row("G15")]
    public async Task Peers_entries_ends_and_partitions_are_told_by_name()
    {
        var config = Path.Combine(_data, "node.conf");
        await File.WriteAllTextAsync(config, "gossip.times.partition-threshold = 1s");
        using var first = await GossipProcess.StartNodeAsync(
            First, "--topic", "news", "--config", config);
        using var events = GossipProcess.Start("events", "--json", "--data", First);
        await UntilWatchedAsync(events);

        var second = await StartSecondAsync(first);
        try
        {
            await NextAsync(events, "peer-added");
            await GossipProcess.RunAsync("hello", ["publish", "news", "--data", Second]);
            var received = await NextAsync(events, "received");
            Assert.Equal("news", received.GetProperty("topic").GetString());
            Assert.Equal(1, received.GetProperty("seq").GetInt64());
            await NextAsync(events, "exchanged");

            Assert.Equal(ExitCode.Done, await EndAsync());
            var closed = await NextAsync(events, "closed");
            Assert.Equal("end", closed.GetProperty("kind").GetString());
            Assert.Equal("end", (await TopicAsync()).GetProperty("closures")[0]
                .GetProperty("kind").GetString());

            await second.KillAsync();
            await NextAsync(events, "peer-removed");
            var apart = await NextAsync(events, "partition-suspected");
            var (_, status, _) = await GossipProcess.RunAsync("status", "--data", First);
            Assert.Contains($"apart    {apart.GetProperty("peer").GetString()} since ", status,
                StringComparison.Ordinal);

            second.Dispose();
            second = await StartSecondAsync(first);
            await NextAsync(events, "partition-healed");
            var healed = await JsonAsync("status", "--json", "--data", First);
            Assert.Empty(healed.GetProperty("partitions").EnumerateArray());
        }
        finally
        {
            second.Dispose();
        }
    }

    [Fact]
    [Row("F8")]
    public async Task An_unknown_topic_has_no_log_to_end()
    {
        using var first = await GossipProcess.StartNodeAsync(First);
        var (code, _, error) = await GossipProcess.RunAsync(
            "topics", "end", "nowhere", "--json", "--data", First);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("\"error\":\"topic-unknown\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_end_when_nobody_reads_them_any_more()
    {
        using var first = await GossipProcess.StartNodeAsync(First, "--topic", "news");
        using var events = GossipProcess.Start("events", "--data", First);
        await UntilWatchedAsync(events);
        Assert.Equal(ExitCode.Done, await events.StopReadingAsync());
    }

    private Task<GossipProcess> StartSecondAsync(GossipProcess first) =>
        GossipProcess.StartNodeAsync(Second, "--topic", "news", "--bootstrap", first.Listen);

    /// <summary>Told from now on: once an event is seen, none is missed.</summary>
    private async Task UntilWatchedAsync(GossipProcess events)
    {
        var first = events.ReadLineAsync();
        while (!first.IsCompleted)
        {
            await GossipProcess.RunAsync("seen", ["publish", "news", "--data", First]);
        }

        Assert.Contains("created", await first, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> NextAsync(GossipProcess events, string name)
    {
        while (true)
        {
            using var happened = JsonDocument.Parse((await events.ReadLineAsync())!);
            if (happened.RootElement.GetProperty("event").GetString() == name)
            {
                return happened.RootElement.Clone();
            }
        }
    }

    private async Task<int> EndAsync() =>
        (await GossipProcess.RunAsync("topics", "end", "news", "--data", Second)).Code;

    private Task<JsonElement> TopicAsync() =>
        JsonAsync("topics", "show", "news", "--json", "--data", First);

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var (_, output, _) = await GossipProcess.RunAsync(arguments);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
