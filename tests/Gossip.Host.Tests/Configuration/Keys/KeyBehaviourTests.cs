using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Keys;

/// <summary>
/// A key in a file, what it makes of the behaviour, and how one sees it: at the machine, the
/// socket or the node that acts on it, never at the options.
/// </summary>
internal sealed record KeyRow(
    string Key, string Value, string Expected, Func<Settings, Task<string>> ObserveAsync)
{
    public KeyRow(string key, string value, string expected, Func<Settings, string> observe)
        : this(key, value, expected, settings => Task.FromResult(observe(settings)))
    {
    }
}

/// <summary>Does every documented key change what a node does?</summary>
[Row("F1")]
public sealed class KeyBehaviourTests : IDisposable
{
    // A node that meets nobody by itself, on free ports.
    private const string Ground = """
        gossip {
          network = test, data-directory = null, listen = "127.0.0.1:0", api = "127.0.0.1:0"
          bootstrap = [], topics = [news]
        }

        """;

    private static readonly KeyRow[] Rows =
    [
        .. MachineRows.All, .. NodeRows.All, .. ActorRows.All, .. TrustRows.All,
        .. ReputationRows.All, .. LimitRows.All, .. RetentionRows.All,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("gossip-keys-").FullName;

    public static TheoryData<string> Keys => [.. Rows.Select(row => row.Key)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Seen with the key, as expected; and without it, otherwise.</summary>
    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_changes_what_a_node_does(string key)
    {
        var row = Rows.Single(r => r.Key == key);

        Assert.Equal(row.Expected, await row.ObserveAsync(Load($"gossip.{key} = {row.Value}")));
        Assert.NotEqual(row.Expected, await row.ObserveAsync(Load("")));
    }

    /// <summary>At once: most of them are about who waits, and how long.</summary>
    [Fact]
    public async Task Every_key_of_the_API_changes_what_a_caller_meets()
    {
        var without = Load("");
        var seen = await Task.WhenAll(HttpRows.In(_folder).Select(async row =>
        {
            var with = Load($"gossip.{row.Key} = {row.Value}");
            var (one, other) = (row.ObserveAsync(with), row.ObserveAsync(without));
            return (row.Key, row.Expected, With: await one, Without: await other);
        }));
        Assert.DoesNotContain(
            seen, row => row.With != row.Expected || row.Without == row.Expected);
    }

    [Fact]
    public void Every_key_has_a_row()
    {
        var missing = Schema.Keys.Select(key => key.Path)
            .Except(Rows.Concat(HttpRows.In(_folder)).Select(row => $"gossip.{row.Key}")).ToArray();
        Assert.True(missing.Length == 0,
            $"No test that these do anything: {string.Join(", ", missing)}");
    }

    private Settings Load(string line)
    {
        var file = Path.Combine(_folder, "node.conf");
        File.WriteAllText(file, Ground + line);
        return Layers.Read(NodeRole.Seed, file, new Dictionary<string, string>(), [])
            .Checked().Settings;
    }
}
