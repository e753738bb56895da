using System.Globalization;
using System.Text.RegularExpressions;
using Gossip.Actors;
using Gossip.Host.Api;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Host.Configuration.Hocon;
using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration;

/// <summary>Do the table of keys, reference.conf and the options say the same?</summary>
[Row("F1")]
public sealed partial class ReferenceTests
{
    // What the host knows and the library does not.
    private static readonly string[] HostKeys =
    [
        "gossip.api", "gossip.actors", "gossip.runtime", "gossip.log-level",
        .. Knobs(typeof(ApiSettings), Http),
    ];

    private const string Http = "gossip.http";

    [Fact]
    public void Every_option_has_a_key_and_every_key_an_option()
    {
        var options = Knobs(typeof(GossipOptions), "gossip").Concat(HostKeys).ToArray();
        var keys = Schema.Keys.Select(key => key.Path).ToArray();

        AssertNone(options.Except(keys), "has no line in Schema.cs");
        AssertNone(keys.Except(options), "stands in Schema.cs and sets no option");
        AssertNone(keys.GroupBy(k => k).Where(k => k.Count() > 1).Select(k => k.Key), "is twice");
    }

    [Fact]
    public void Reference_conf_has_every_key_with_its_default_and_a_reason()
    {
        var reader = new HoconReader(_ => null);
        var root = reader.ReadText(new("reference.conf"), Layers.Reference);
        var places = Leaves(root, "").ToDictionary(leaf => leaf.Path, leaf => leaf.Place);
        var lines = Layers.Reference.Split('\n');

        Assert.Empty(reader.Errors);
        AssertNone(Schema.Keys.Select(key => key.Path).Except(places.Keys), "is missing");
        AssertNone(places.Keys.Except(Schema.Keys.Select(key => key.Path)), "is no key");
        AssertNone(
            places.Where(leaf => Comment(lines, leaf.Value.Line).Length == 0)
                .Select(leaf => leaf.Key),
            "has no reason above it");
        AssertNone(
            Schema.Keys.Where(key => HasRange(key)
                && !Comment(lines, places[key.Path].Line).Contains(
                    key.Expected, StringComparison.OrdinalIgnoreCase))
                .Select(key => key.Path),
            "does not say its range");
    }

    [Fact]
    public void The_defaults_of_reference_conf_are_those_of_the_library()
    {
        var role = new NodeRole("plain", "", new(), "127.0.0.1:7780");
        var settings = Layers.Read(role, null, new Dictionary<string, string>(), []).Checked()
            .Settings;
        var library = new Settings(new(), "127.0.0.1:7780");

        Assert.Equal("", role.Layer);
        AssertNone(
            Schema.Keys.Where(key => key.Show(settings) != key.Show(library))
                .Select(key => $"{key.Path} = {key.Show(settings)}"),
            "is not the library's default");
    }

    /// <summary>What a role's help says is what it starts with.</summary>
    [Fact]
    public void A_role_starts_with_its_own_settings()
    {
        foreach (var role in new[] { NodeRole.Seed, NodeRole.Member })
        {
            var configured =
                Layers.Read(role, null, new Dictionary<string, string>(), []).Checked();
            var own = new Settings(role.Options, role.Api);
            Assert.All(Schema.Keys, key =>
                Assert.Equal(key.Show(own), key.Show(configured.Settings)));
            Assert.Equal(
                $"gossip {role.Name}", configured.Origins["gossip.data-directory"].Origin);
            Assert.Equal("reference.conf", configured.Origins["gossip.push"].Origin);
        }
    }

    [Fact]
    public void No_two_keys_have_one_variable() =>
        AssertNone(
            Schema.Keys.GroupBy(key => key.Variable).Where(same => same.Count() > 1)
                .Select(same => same.Key),
            "is the variable of two keys");

    /// <summary>
    /// The library and the table refuse the same. Some ranges end at another size: the widest one
    /// counts here.
    /// </summary>
    [Fact]
    public void Every_range_is_the_librarys()
    {
        var ranges = Schema.Keys
            .Select(key => (Key: key, Range: Range().Match(key.Expected)))
            .Where(key => key.Range.Success
                && !key.Key.Path.StartsWith(Http, StringComparison.Ordinal))
            .ToArray();
        Assert.True(ranges.Length >= 23, $"only {ranges.Length} keys have a range");
        foreach (var (key, range) in ranges)
        {
            var isTime = key.Expected.StartsWith("a duration", StringComparison.Ordinal);
            long[] edges = [.. range.Groups.Values.Skip(1).Select(edge => isTime
                ? Units.Duration(edge.Value).Ticks
                : Units.Bytes(edge.Value))];
            AssertNone(
                edges.Where(edge => Refuses(key, edge, isTime)).Select(e => $"{key.Path} = {e}"),
                "is refused by the library");
            AssertNone(
                new[] { edges[0] - 1, edges[1] + 1 }.Where(beyond => !Refuses(key, beyond, isTime))
                    .Select(e => $"{key.Path} = {e}"),
                "is taken by the library");
        }
    }

    private static bool HasRange(SettingKey key) =>
        key.Path.Split('.') is [_, "sizes" or "rates", _] or ["gossip", "compression"]
        || (key.Path.StartsWith(Http, StringComparison.Ordinal)
            && Range().IsMatch(key.Expected));

    private static bool Refuses(SettingKey key, long value, bool isTime)
    {
        return new[] { 1, 16 }.All(mebibytes =>
        {
            var (times, rates, judging, retention) = (
                new GossipTimes(), new GossipRates(), new GossipReputation(),
                new GossipRetention());
            var sizes = new GossipSizes
            {
                FrameBytesMax = mebibytes * 1024 * 1024,
                CreditBytes = mebibytes * 1024 * 1024,
            };
            object section = key.Path.Split('.')[1] switch
            {
                "times" => times,
                "rates" => rates,
                "reputation" => judging,
                "retention" => retention,
                _ => sizes,
            };
            var knob = section.GetType().GetProperties()
                .Single(p => Kebab(p.Name) == key.LastWord);
            knob.SetValue(section, isTime
                ? TimeSpan.FromTicks(value)
                : Convert.ChangeType(value, knob.PropertyType, CultureInfo.InvariantCulture));
            var options = new GossipOptions
            {
                Times = times,
                Sizes = sizes,
                Rates = rates,
                Reputation = judging,
                Retention = retention,
            };
            return options.Refusals()
                .Any(r => r.StartsWith($"{key.LastWord}: ", StringComparison.Ordinal)
                    && !r.Contains("longer than", StringComparison.Ordinal));
        });
    }

    /// <summary>What stands above a line, as one text.</summary>
    private static string Comment(string[] lines, int line) => string.Join(' ', lines
        .Take(line - 1).Reverse()
        .Select(above => above.Trim())
        .TakeWhile(above => above.StartsWith('#'))
        .Select(above => above.TrimStart('#', ' '))
        .Reverse());

    private static IEnumerable<(string Path, Place Place)> Leaves(
        HoconNode.Object level, string prefix)
    {
        foreach (var (name, assigned) in level.Fields)
        {
            var leaf = assigned[^1];
            foreach (var found in leaf.Value is HoconNode.Object inner
                ? Leaves(inner, $"{prefix}{name}.")
                : [($"{prefix}{name}", leaf.KeyPlace)])
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<string> Knobs(Type type, string prefix) =>
        type.GetProperties().SelectMany(property =>
            property.PropertyType == typeof(GossipTimes)
            || property.PropertyType == typeof(GossipSizes)
            || property.PropertyType == typeof(GossipTrust)
            || property.PropertyType == typeof(GossipReputation)
            || property.PropertyType == typeof(GossipRates)
            || property.PropertyType == typeof(GossipRetention)
                ? Knobs(property.PropertyType, $"{prefix}.{Kebab(property.Name)}")
                : [$"{prefix}.{Kebab(property.Name)}"]);

    private static string Kebab(string name) =>
        Capital().Replace(name, "-$0").TrimStart('-').ToLowerInvariant();

    private static void AssertNone(IEnumerable<string> names, string what)
    {
        var all = names.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all.Select(name => $"{name} {what}")));
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex("from (.*) to (.*)$")]
    private static partial Regex Range();
}
