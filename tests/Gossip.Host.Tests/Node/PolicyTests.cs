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

        var revoked = await JsonAsync(["topic", "revoke", name, did, "--data", a]);
        Assert.Equal(0, revoked.GetProperty("members").GetArrayLength());
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
