using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Host.Demo;
using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration;

/// <summary>Do the files in hocon/ do what they say?</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-example-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Row("F12")]
    public void Every_file_is_right()
    {
        var files = SourceTree.Files.Where(file =>
            file.StartsWith("hocon/", StringComparison.Ordinal)).ToArray();
        Assert.True(files.Length >= 8, string.Join(' ', files));
        Assert.All(files, file =>
        {
            var configured = Read(NodeRole.Member, Path.Combine(SourceTree.Root, file));
            Assert.Empty(configured.Errors);
            Assert.Empty(configured.Notes);
        });
    }

    [Theory]
    [Row("F2")]
    [InlineData("high-throughput", "gossip.sizes.credit-bytes", "32 MiB")]
    [InlineData("low-resource", "gossip.sizes.credit-bytes", "1 MiB")]
    [InlineData("low-resource", "gossip.times.round-interval", "5 s")]
    public void A_preset_is_part_of_the_program_and_lies_below_the_file(
        string preset, string key, string value)
    {
        var file = Path.Combine(_folder, "own.conf");
        File.WriteAllText(file,
            $"include required(classpath(\"{preset}.conf\"))\ngossip.sizes.mailbox-max = 777");
        var configured = Read(NodeRole.Seed, file);

        Assert.Empty(configured.Errors);
        Assert.Equal(777, configured.Settings.Options.Sizes.MailboxMax);
        Assert.Equal(value, Schema.ByPath[key].Show(configured.Settings));
        Assert.StartsWith($"{preset}.conf:", configured.Origins[key].Origin,
            StringComparison.Ordinal);
    }

    /// <summary>As their first lines say, on ports that are free here.</summary>
    [Fact]
    [Row("F11")]
    public async Task The_three_nodes_find_each_other_and_hold_what_one_publishes()
    {
        string[] ports;
        using (var free = new FreeAddresses(6))
        {
            ports = [.. Enumerable.Range(0, 6).Select(i => free[i].ToString())];
        }

        foreach (var file in Directory.GetFiles(Path.Combine(SourceTree.Root, "hocon/three-nodes")))
        {
            var text = await File.ReadAllTextAsync(file);
            for (var i = 0; i < 3; i++)
            {
                text = text
                    .Replace($"127.0.0.1:771{i + 1}", ports[i], StringComparison.Ordinal)
                    .Replace($"127.0.0.1:778{i + 1}", ports[3 + i], StringComparison.Ordinal)
                    .Replace("./gossip-data", _folder, StringComparison.Ordinal);
            }

            await File.WriteAllTextAsync(Path.Combine(_folder, Path.GetFileName(file)), text);
        }

        using var seed = await StartAsync("seed", "seed");
        using var one = await StartAsync("member", "member-1");
        using var two = await StartAsync("member", "member-2");
        await GossipProcess.RunAsync("hello", ["publish", "news", "--api", one.Api]);
        var (code, line, _) = await GossipProcess.RunAsync(
            "tail", "news", "--count", "1", "--api", two.Api);

        Assert.Equal((ExitCode.Done, "hello\n"), (code, line));
        Assert.True(Directory.Exists(Path.Combine(_folder, "three-nodes", "member-2")));
        Assert.Equal(ExitCode.Done, await seed.TerminateAsync());
    }

    private Task<GossipProcess> StartAsync(string role, string file) =>
        GossipProcess.StartReadyAsync(
            role, "--json", "--config", Path.Combine(_folder, $"{file}.conf"));

    private static Configured Read(NodeRole role, string file) =>
        Layers.Read(role, file, new Dictionary<string, string>(), []);
}
