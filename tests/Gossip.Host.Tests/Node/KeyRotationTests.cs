using System.Text.Json;

namespace Gossip.Host.Tests.Node;

/// <summary>Does <c>gossip key rotate</c> end well, wherever the process is killed?</summary>
[Trait("Row", "D14")]
public sealed class KeyRotationTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gossip-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_command_says_who_the_node_becomes_and_the_restarted_node_is()
    {
        var data = _directory.FullName;
        string next;
        using (var node = await GossipProcess.StartNodeAsync(data, "--topic", "news"))
        {
            var (code, output, error) = await GossipProcess.RunAsync(
                "key", "rotate", "--json", "--data", data);
            Assert.True(code == 0, error);
            using var said = JsonDocument.Parse(output);
            Assert.Equal(node.Did, said.RootElement.GetProperty("old").GetString());
            next = said.RootElement.GetProperty("new").GetString()!;
            var refused = await GossipProcess.RunAsync(
                "x\n", ["publish", "news", "--data", data]);
            Assert.Contains("restart", refused.Error, StringComparison.Ordinal);
            await node.TerminateAsync();
        }

        using var renewed = await GossipProcess.StartNodeAsync(data);
        Assert.Equal(next, renewed.Did);
        var shown = await GossipProcess.RunAsync("topics", "show", "news", "--data", data);
        Assert.Contains("\"rotation\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains(next, shown.Output, StringComparison.Ordinal);
    }

    /// <summary>Killed once the named file is there: before, while and after topics end.</summary>
    [Theory]
    [InlineData("node.key.next")]
    [InlineData("node.key.rotated-*")]
    public async Task Killed_in_the_middle_it_is_finished_by_the_next_start(string file)
    {
        var data = _directory.FullName;
        string old;
        using (var node = await GossipProcess.StartNodeAsync(
            data, [.. Enumerable.Range(1, 8).SelectMany(i => new[] { "--topic", $"t{i}" })]))
        {
            old = node.Did;
            var command = GossipProcess.RunAsync("key", "rotate", "--data", data);
            while (Directory.GetFiles(data, file).Length == 0 && !command.IsCompleted)
            {
                await Task.Yield();
            }

            await node.KillAsync();
            await command;
        }

        string next;
        using (var node = await GossipProcess.StartNodeAsync(data))
        {
            // Finished by this start, or it was before the kill.
            next = node.Did;
            await node.TerminateAsync();
        }

        using var renewed = await GossipProcess.StartNodeAsync(data);
        Assert.NotEqual(old, renewed.Did);
        Assert.True(next == old || next == renewed.Did, $"{next} is neither");
        for (var i = 1; i <= 8; i++)
        {
            var shown = await GossipProcess.RunAsync("topics", "show", $"t{i}", "--data", data);
            Assert.Contains(
                $"\"successor\": \"{renewed.Did}\"", shown.Output, StringComparison.Ordinal);
        }
    }
}
