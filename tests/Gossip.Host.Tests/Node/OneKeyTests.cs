using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;
using Gossip.Tests.Nodes;
using Xunit.Abstractions;

namespace Gossip.Host.Tests.Node;

/// <summary>
/// What if a data directory is copied, put back as it once was, or rolled back with its machine?
/// Real processes: no number is used twice where that can be seen, and where it cannot, it heals.
/// </summary>
[Row("G6")]
public sealed class OneKeyTests(ITestOutputHelper output) : IDisposable
{
    private static readonly HttpClient Http = new();

    private readonly string _data = Directory.CreateTempSubdirectory("gossip-one-key-").FullName;

    private string First => Path.Combine(_data, "first");

    private string Copy => Path.Combine(_data, "copy");

    private string Other => Path.Combine(_data, "other");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Two_processes_with_one_key_both_run_and_both_report_it()
    {
        using (var before = await GossipProcess.StartNodeAsync(First, "--topic", "news"))
        {
            await PublishAsync(before, "before");
            Assert.Equal(ExitCode.Done, await before.TerminateAsync());
        }

        CopyTo(First, Copy);
        using var first = await GossipProcess.StartNodeAsync(First);
        using var copy = await GossipProcess.StartNodeAsync(Copy, "--bootstrap", first.Listen);
        Assert.Equal(first.Did, copy.Did);
        await PublishAsync(first, "from the first");
        await PublishAsync(copy, "from the copy");
        foreach (var (node, other) in new[] { (first, copy), (copy, first) })
        {
            // By its hello, and by what it writes.
            await UntilAsync(async () => await CountAsync(node, "status", "twins") == 2);
            await UntilAsync(async () => await EntriesAsync(node) == 3);
            var twins = (await GetAsync(node, "status")).GetProperty("twins");
            Assert.Equal(other.Listen, twins[0].GetProperty("address").GetString());
            Assert.True(twins[0].GetProperty("connected").GetBoolean());
            Assert.StartsWith(
                first.Did, twins[1].GetProperty("log").GetString(), StringComparison.Ordinal);
            Assert.Equal(0, await CountAsync(node, "closures", "closures"));
            Assert.Equal(2, (await TopicAsync(node)).GetProperty("logs").GetInt32());
            var (code, text, _) = await GossipProcess.RunAsync("status", "--api", node.Api);
            Assert.Equal(ExitCode.Done, code);
            Assert.Contains(
                $"twin     another process runs with this node's key at {other.Listen}, connected",
                text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_old_directory_put_back_over_a_newer_one_begins_a_new_incarnation()
    {
        using var other = await GossipProcess.StartNodeAsync(Other, "--topic", "news");
        await RunAsync(other, "one");
        CopyTo(First, Copy);
        await RunAsync(other, "two");
        await UntilAsync(async () => await EntriesAsync(other) == 2);
        CopyTo(Copy, First);
        using var restored = await StartAsync(other);

        // At once: nobody had to show it anything first.
        await PublishAsync(restored, "three");
        foreach (var node in new[] { restored, other })
        {
            await UntilAsync(async () => await EntriesAsync(node) == 3);
            Assert.Equal(0, await CountAsync(node, "closures", "closures"));
            Assert.Equal(2, (await TopicAsync(node)).GetProperty("logs").GetInt32());
        }
    }

    [Fact]
    [Row("G5")]
    public async Task A_rolled_back_machine_ends_as_a_closed_log_and_writes_on_in_a_new_one()
    {
        using var other = await GossipProcess.StartNodeAsync(Other, "--topic", "news");
        await RunAsync(other, "one", isKilled: true);
        CopyTo(First, Copy);
        await RunAsync(other, "two", isKilled: true);
        await UntilAsync(async () => await EntriesAsync(other) == 2);

        // Nothing that the store knows tells, and nobody is there: it writes slot 2 again.
        CopyTo(Copy, First);
        using (var alone = await GossipProcess.StartNodeAsync(First))
        {
            await PublishAsync(alone, "another two");
            Assert.Equal(0, await CountAsync(alone, "closures", "closures"));
            await alone.KillAsync();
        }

        using var back = await StartAsync(other);
        var watch = Stopwatch.StartNew();
        await UntilAsync(async () => await CountAsync(back, "closures", "closures") == 1
            && await CountAsync(other, "closures", "closures") == 1);
        await PublishAsync(back, "three");
        foreach (var node in new[] { back, other })
        {
            await UntilAsync(async () => await EntriesAsync(node) == 2);
        }

        // The bound of five seconds is held in virtual time: this machine may be busy.
        output.WriteLine($"closed, and written on, {watch.Elapsed.TotalSeconds:0.00} s later");
        foreach (var node in new[] { back, other })
        {
            var closed = (await GetAsync(node, "closures")).GetProperty("closures")[0];
            Assert.Equal("news", closed.GetProperty("topic").GetString());
            Assert.Equal(back.Did, closed.GetProperty("author").GetString());
            Assert.Equal("fork", closed.GetProperty("kind").GetString());
            Assert.Equal(2, closed.GetProperty("slot").GetInt64());
            Assert.Equal(1, closed.GetProperty("disputed").GetInt64());
            Assert.NotEqual(
                closed.GetProperty("first").GetString(), closed.GetProperty("second").GetString());
        }

        var (code, table, _) = await GossipProcess.RunAsync(
            "topics", "--closed", "--api", other.Api);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("DISPUTED", table, StringComparison.Ordinal);
        Assert.Contains(back.Did, table, StringComparison.Ordinal);
        var (_, json, _) = await GossipProcess.RunAsync(
            "topics", "--closed", "--json", "--api", other.Api);
        Assert.Equal(await Http.GetStringAsync($"{other.Api}/closures"), json.TrimEnd());
    }

    /// <summary>A life of the first node, in which it publishes one payload to the other.</summary>
    private async Task RunAsync(GossipProcess other, string text, bool isKilled = false)
    {
        using var node = await StartAsync(other);
        await PublishAsync(node, text, "?acks=peers(1)");
        if (isKilled)
        {
            await node.KillAsync();
        }
        else
        {
            Assert.Equal(ExitCode.Done, await node.TerminateAsync());
        }
    }

    private Task<GossipProcess> StartAsync(GossipProcess other) =>
        GossipProcess.StartNodeAsync(First, "--topic", "news", "--bootstrap", other.Listen);

    /// <summary>
    /// Content by content, into the files that are there; files that are not in the copy go.
    /// </summary>
    private static void CopyTo(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var gone in Directory.GetFiles(to)
            .Where(f => !File.Exists(Path.Combine(from, Path.GetFileName(f)))))
        {
            File.Delete(gone);
        }

        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static async Task PublishAsync(GossipProcess node, string text, string terms = "")
    {
        using var content = new StringContent(text);
        using var response = await Http.PostAsync(
            $"{node.Api}/topics/news/entries{terms}", content);
        Assert.True(
            response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> GetAsync(GossipProcess node, string path)
    {
        using var json = JsonDocument.Parse(await Http.GetStringAsync($"{node.Api}/{path}"));
        return json.RootElement.Clone();
    }

    private static Task<JsonElement> TopicAsync(GossipProcess node) =>
        GetAsync(node, "topics/news");

    private static async Task<long> EntriesAsync(GossipProcess node) =>
        (await TopicAsync(node)).GetProperty("entries").GetInt64();

    private static async Task<int> CountAsync(GossipProcess node, string path, string list) =>
        (await GetAsync(node, path)).GetProperty(list).GetArrayLength();

    private static Task UntilAsync(
        Func<Task<bool>> condition,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Cluster.UntilAsync(condition, () => what);
}
