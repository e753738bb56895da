using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>Topic actors of somebody's own assembly, in the real process.</summary>
public sealed class ActorTests : IDisposable
{
    private static readonly string Assembly =
        Path.Combine(AppContext.BaseDirectory, "Gossip.Samples.Actors.dll");

    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-actor-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    [Row("G1")]
    public async Task State_is_back_after_SIGKILL_and_nothing_is_published_twice()
    {
        using (var node = await StartAsync("WordCount@words"))
        {
            await PublishAsync("one two");
            await PublishAsync("three");
            Assert.Equal(["2", "3"], await TailAsync("counts", 2));
            await node.KillAsync();
        }

        using var again = await StartAsync("WordCount@words");
        await PublishAsync("four five six");

        // A total of 6 needs the words of before; a replay that published again would show 2 first.
        Assert.Equal(["2", "3", "6"], await TailAsync("counts", 3));
    }

    [Fact]
    [Row("G1")]
    public async Task A_parked_actor_says_why_and_goes_on_without_the_entry()
    {
        using var node = await StartAsync("Taster");
        await PublishAsync("sweet");
        await PublishAsync("poison");
        await PublishAsync("sour");
        await ParkedAsync();

        var (code, list, _) = await GossipProcess.RunAsync("actor", "list", "--data", _data);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("news/Taster is parked at position 2 after 3 failures: "
            + "InvalidOperationException: this is poison", list, StringComparison.Ordinal);
        Assert.Contains($"gossip actor resume news Taster --data {_data} --skip", list,
            StringComparison.Ordinal);

        var (resumed, text, _) = await GossipProcess.RunAsync(
            "actor", "resume", "news", "Taster", "--skip", "--data", _data);
        Assert.Equal(ExitCode.Done, resumed);
        Assert.Equal("news/Taster goes on without position 2\n", text);
        await UntilAsync(actor => actor.GetProperty("position").GetInt64() == 3);
    }

    [Fact]
    [Row("G1")]
    public async Task What_was_skipped_stays_skipped_after_SIGKILL()
    {
        using (var node = await StartAsync("Taster"))
        {
            await PublishAsync("poison");
            await ParkedAsync();
            await GossipProcess.RunAsync(
                "actor", "resume", "news", "Taster", "--skip", "--data", _data);
            await UntilAsync(actor => actor.GetProperty("position").GetInt64() == 1);
            await node.KillAsync();
        }

        using var again = await StartAsync("Taster");
        await PublishAsync("sweet");
        await UntilAsync(actor => actor.GetProperty("position").GetInt64() == 2
            && actor.GetProperty("state").GetString() == "running");
    }

    [Fact]
    [Row("G1")]
    public async Task An_actor_that_is_tried_again_parks_again_and_its_topic_goes_on()
    {
        using var node = await StartAsync("Taster");
        await PublishAsync("poison");
        await ParkedAsync();
        var events = GossipProcess.Start("events", "--json", "--data", _data);
        try
        {
            await PublishUntilSeenAsync(events);
            await GossipProcess.RunAsync("actor", "resume", "news", "Taster", "--data", _data);

            using var parked = await EventAsync(events, "actor-parked");
            Assert.Equal(1, parked.RootElement.GetProperty("position").GetInt64());
            Assert.Equal("Taster", parked.RootElement.GetProperty("actor").GetString());
            Assert.Equal("this is poison", parked.RootElement.GetProperty("error").GetString());
            Assert.Equal(["poison"], await TailAsync("news", 1));
        }
        finally
        {
            events.Dispose();
        }
    }

    [Fact]
    [Row("G1")]
    public async Task An_actor_that_cannot_be_made_is_parked_without_an_entry_to_skip()
    {
        using var node = await GossipProcess.StartNodeAsync(_data, "--actor",
            $"news={typeof(ActorTests).Assembly.Location}:{typeof(StillbornActor).FullName}@born");
        await ParkedAsync();

        var (_, list, _) = await GossipProcess.RunAsync("actor", "list", "--data", _data);
        Assert.Contains("news/born is parked while it was made after 3 failures: "
            + "InvalidOperationException: not me", list, StringComparison.Ordinal);
        Assert.DoesNotContain("--skip", list, StringComparison.Ordinal);
        var (code, _, error) = await GossipProcess.RunAsync(
            "actor", "resume", "news", "born", "--skip", "--json", "--data", _data);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("\"error\":\"actor-nothing-to-skip\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [Row("F8")]
    [InlineData("Taster", "actor-not-parked")]
    [InlineData("Nobody", "actor-unknown")]
    public async Task Only_a_parked_actor_is_resumed(string name, string code)
    {
        using var node = await StartAsync("Taster");
        var (exit, _, error) = await GossipProcess.RunAsync(
            "actor", "resume", "news", name, "--json", "--data", _data);
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains($"\"error\":\"{code}\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [Row("F8")]
    [InlineData("news", "expected TOPIC=ASSEMBLY.dll:Namespace.Type[@NAME]")]
    [InlineData("ne ws=a.dll:B", "A topic name holds")]
    [InlineData("news=nowhere.dll:B", "there is no file")]
    [InlineData("news={0}:B", "has no type 'B'. Its topic actors: Gossip.Samples.Actors.Taster, ")]
    [InlineData("news={1}:Gossip.Host.Tests.Node.NoActor", "does not extend")]
    [InlineData("news={1}:Gossip.Host.Tests.Node.NeedyActor", "no public constructor without")]
    [InlineData("news={1}:Gossip.Host.Tests.Node.AbstractActor", "is abstract or generic")]
    [InlineData("news={2}:B", "is no .NET assembly")]
    [InlineData("news={0}:Gossip.Samples.Actors.Taster@a/b", "topic actor's name is 1 to 64")]
    public async Task What_cannot_be_an_actor_is_refused_before_the_node_runs(
        string source, string expected)
    {
        var text = source
            .Replace("{0}", Assembly, StringComparison.Ordinal)
            .Replace("{1}", typeof(ActorTests).Assembly.Location, StringComparison.Ordinal)
            .Replace("{2}", Path.Combine(AppContext.BaseDirectory, "gossip.deps.json"),
                StringComparison.Ordinal);
        var (code, output, error) = await GossipProcess.RunAsync(
            "member", "--memory", "--listen", "none", "--api", "127.0.0.1:0", "--actor", text);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private Task<GossipProcess> StartAsync(string type) => GossipProcess.StartNodeAsync(
        _data, "--topic", "counts", "--actor", $"news={Assembly}:Gossip.Samples.Actors.{type}");

    private async Task PublishAsync(string line)
    {
        var (code, _, error) = await GossipProcess.RunAsync(
            line, ["publish", "news", "--data", _data]);
        Assert.True(code == ExitCode.Done, error);
    }

    private async Task<string[]> TailAsync(string topic, int count)
    {
        var (_, output, _) = await GossipProcess.RunAsync(
            "tail", topic, "--count", $"{count}", "--data", _data);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task ParkedAsync() =>
        UntilAsync(actor => actor.GetProperty("state").GetString() == "parked");

    /// <summary>Asks the node until its one actor stands as it should.</summary>
    private async Task UntilAsync(Func<JsonElement, bool> isSo)
    {
        using var late = new CancellationTokenSource(GossipProcess.Deadline, TimeProvider.System);
        using var http = new HttpClient();
        var api = (await File.ReadAllTextAsync(Path.Combine(_data, "api.address"))).Trim();
        while (true)
        {
            using var list = JsonDocument.Parse(
                await http.GetStringAsync($"{api}/actors", late.Token));
            if (isSo(Assert.Single(list.RootElement.GetProperty("actors").EnumerateArray())))
            {
                return;
            }
        }
    }

    /// <summary>Events are told from now on: once one is seen, none is missed.</summary>
    private async Task PublishUntilSeenAsync(GossipProcess events)
    {
        var first = events.ReadLineAsync();
        while (!first.IsCompleted)
        {
            await PublishAsync("seen");
        }

        Assert.Contains("\"event\":\"created\"", await first, StringComparison.Ordinal);
    }

    private static async Task<JsonDocument> EventAsync(GossipProcess events, string name)
    {
        while (true)
        {
            var happened = JsonDocument.Parse((await events.ReadLineAsync())!);
            if (happened.RootElement.GetProperty("event").GetString() == name)
            {
                return happened;
            }
        }
    }
}
