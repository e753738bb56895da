using System.Text.Json;

namespace Gossip.Host.Tests.Node;

/// <summary>Does <c>gossip erase</c> take back what was published, or say why not?</summary>
[Trait("Row", "G14")]
public sealed class ErasureTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gossip-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task An_erased_entry_shows_as_erased_and_no_file_holds_its_bytes()
    {
        var data = _directory.FullName;
        using (var node = await GossipProcess.StartNodeAsync(data, "--topic", "news"))
        {
            var published = await GossipProcess.RunAsync(
                "a very secret line\n", ["publish", "news", "--json", "--data", data]);
            Assert.True(published.Code == 0, published.Error);
            var page = await GetAsync(node, "/topics/news/entries");
            var id = page.GetProperty("entries")[0].GetProperty("id").GetString()!;

            var erased = await GossipProcess.RunAsync("erase", id, "--json", "--data", data);
            Assert.True(erased.Code == 0, erased.Error);
            var entry = await GetAsync(node, $"/entries/{id}");
            Assert.True(entry.GetProperty("erased").GetBoolean());
            Assert.Equal(0, entry.GetProperty("payloads").GetArrayLength());

            var unknown = await GossipProcess.RunAsync(
                "erase", new string('0', 64), "--data", data);
            Assert.Equal(4, unknown.Code);
            Assert.Contains("does not hold", unknown.Error, StringComparison.Ordinal);
            var garbage = await GossipProcess.RunAsync("erase", "xyz", "--data", data);
            Assert.Equal(2, garbage.Code);
            await node.TerminateAsync();
        }

        foreach (var file in Directory.GetFiles(data, "gossip.db*"))
        {
            Assert.True(
                File.ReadAllBytes(file).AsSpan().IndexOf("a very secret line"u8) < 0, file);
        }
    }

    private static async Task<JsonElement> GetAsync(GossipProcess node, string path)
    {
        using var http = new HttpClient();
        using var document = JsonDocument.Parse(
            await http.GetStringAsync(new Uri(node.Api + path)));
        return document.RootElement.Clone();
    }
}
