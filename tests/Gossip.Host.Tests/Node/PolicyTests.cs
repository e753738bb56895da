using System.Text.Json;

namespace Gossip.Host.Tests.Node;

/// <summary>
/// Does <c>gossip topic</c> let in whom its owner invites, and nobody else? Two real processes.
/// </summary>
[Trait("Row", "D6")]
public sealed class PolicyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gossip-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_topic_is_made_shared_and_taken_back_by_its_commands()
    {
        var (a, b) = (Folder("a"), Folder("b"));
        using var owner = await GossipProcess.StartNodeAsync(a);
        using var guest = await GossipProcess.StartNodeAsync(
            b, "--bootstrap", owner.Listen);
        var made = await JsonAsync(["topic", "create", "plans", "--data", a]);
        var (name, reference) = (Text(made, "topic"), Text(made, "ref"));
        var did = guest.Did;

        await JsonAsync(["topics", "join", reference, "--data", b]);
        var refused = await GossipProcess.RunAsync(
            "too early\n", ["publish", name, "--data", b]);
        Assert.Equal(4, refused.Code);
        Assert.Contains("does not let this node write", refused.Error, StringComparison.Ordinal);

        var policy = await JsonAsync(["topic", "invite", name, did, "--data", a]);
        Assert.Equal("writer", Text(policy.GetProperty("members")[0], "right"));
        await GossipProcess.RunAsync("hello\n", ["publish", name, "--data", a]);
        var tail = await GossipProcess.RunAsync("tail", name, "--count", "1", "--data", b);
        Assert.Equal(0, tail.Code);
        Assert.Contains("hello", tail.Output, StringComparison.Ordinal);

        var answer = await GossipProcess.RunAsync(
            "hello back\n", ["publish", name, "--acks", "1", "--data", b]);
        Assert.True(answer.Code == 0, answer.Error);

        var revoked = await JsonAsync(["topic", "revoke", name, did, "--data", a]);
        Assert.Equal(0, revoked.GetProperty("members").GetArrayLength());
        var closed = (await JsonAsync(["topics", "--closed", "--data", a]))
            .GetProperty("closures").EnumerateArray().Single();
        Assert.Equal((name, did), (Text(closed, "topic"), Text(closed, "author")));
        Assert.Equal("revocation", Text(closed, "kind"));
        Assert.Equal(2, closed.GetProperty("slot").GetInt64());
        Assert.Equal(0, closed.GetProperty("disputed").GetInt64());
        Assert.False(closed.TryGetProperty("first", out _));
        var table = await GossipProcess.RunAsync("topics", "--closed", "--data", a);
        Assert.Matches($@"revocation +0 +[0-9a-f]{{16}} +- +- +{did}", table.Output);

        var twice = await GossipProcess.RunAsync("topic", "revoke", name, did, "--data", a);
        Assert.Equal(4, twice.Code);
        Assert.Contains("no member", twice.Error, StringComparison.Ordinal);
        var taken = await GossipProcess.RunAsync("topic", "create", "plans", "--data", a);
        Assert.Equal(4, taken.Code);
        var foreign = await GossipProcess.RunAsync("topic", "invite", name, did, "--data", b);
        Assert.Equal(4, foreign.Code);
    }

    private string Folder(string name) => Path.Combine(_directory.FullName, name);

    private static string Text(JsonElement element, string property) =>
        element.GetProperty(property).GetString()!;

    private static async Task<JsonElement> JsonAsync(string[] arguments)
    {
        var run = await GossipProcess.RunAsync([.. arguments, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }
}
