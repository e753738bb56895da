using System.Text.RegularExpressions;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;

namespace Gossip.Host.Tests.Configuration;

public sealed partial class NodeFileTests
{
    private static readonly FileSettings Defaults = new(new(), "127.0.0.1:7780");

    [Fact]
    public void All_spellings_of_a_setting_are_read()
    {
        var settings = Apply("""
            # a comment
            gossip {
              network : test   // another
              listen = "127.0.0.1:1", push = off
              bootstrap = [
                "a:1"  # first
                "b:2",
              ]
              topics = [news, a/b]
              times { round-interval = 500 ms }
              times.redial-max = 1.5 minutes
              sizes = { frame-bytes-max = 2MiB, mailbox-max = 100 }
            }
            gossip.sizes.page-bytes-max = 65536
            """);

        Assert.Equal("test", settings.Options.Network);
        Assert.Equal("127.0.0.1:1", settings.Options.Listen);
        Assert.False(settings.Options.Push);
        Assert.Equal(["a:1", "b:2"], settings.Options.Bootstrap);
        Assert.Equal([new TopicName("news"), new TopicName("a/b")], settings.Options.Topics);
        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.Options.Times.RoundInterval);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Options.Times.RedialMax);
        Assert.Equal(2 * 1024 * 1024, settings.Options.Sizes.FrameBytesMax);
        Assert.Equal(100, settings.Options.Sizes.MailboxMax);
        Assert.Equal(65_536, settings.Options.Sizes.PageBytesMax);
    }

    [Theory]
    [InlineData("gossip.netwrok = x",
        "f:1:1: Unknown key 'gossip.netwrok'. Did you mean 'gossip.network'?")]
    [InlineData("round-interval = 1s", "Did you mean 'gossip.times.round-interval'?")]
    [InlineData("gossip { nonsense = 1 }", "f:1:10: Unknown key")]
    [InlineData("gossip.times.pull-grace = 5", "f:1:27: A duration needs a unit")]
    [InlineData("gossip.times.pull-grace = 5 parsecs", "'parsecs' is no unit of time")]
    [InlineData("gossip.times.pull-grace = 2h", "f:1:1: pull-grace: 1 ms to 1 h")]
    [InlineData("gossip.sizes.mailbox-max = 1", "f:1:1: mailbox-max: 64 to")]
    [InlineData("gossip.sizes.mailbox-max = 1 KiB", "f:1:28: Expected a whole number")]
    [InlineData("gossip.sizes.credit-bytes = 4 MB/s", "no unit of size")]
    [InlineData("gossip.sizes.credit-bytes = 99 GiB", "at most 2147483647")]
    [InlineData("gossip.push = maybe", "f:1:15: Expected true or false")]
    [InlineData("gossip.bootstrap = a", "Expected a list")]
    [InlineData("gossip.network = [a]", "Expected one text")]
    [InlineData("gossip.network = null", "Expected one text")]
    [InlineData("gossip.topics = [\"a b\"]", "f:1:18: A topic name holds")]
    [InlineData("gossip.listen = 127.0.0.1:1", "f:1:26: ':' needs quotes")]
    [InlineData("gossip.network = ${HOME}", "Substitutions")]
    [InlineData("include \"other.conf\"", "f:1:1: 'include' is not understood")]
    [InlineData("gossip.topics += a", "f:1:15: '+=' is not understood")]
    [InlineData("gossip.network = \"\"\"a\"\"\"", "not understood; use")]
    [InlineData("gossip.network = \"a", "f:1:18: This string is not closed")]
    [InlineData("gossip.network = \"\\q\"", "f:1:19: Unknown escape")]
    [InlineData("gossip.network =", "A value is missing")]
    [InlineData("gossip.network", "Expected '=', ':' or '{'")]
    [InlineData("= x", "Expected a key")]
    [InlineData("gossip {", "f:1:1: '{' of 'gossip' is never closed")]
    [InlineData("}", "f:1:1: '}' closes nothing")]
    [InlineData("gossip.bootstrap = [a", "f:1:20: '[' is never closed")]
    [InlineData("gossip.network = \"a\" b", "f:1:22: 'b' after the value")]
    [InlineData("gossip.network = a\ngossip.network = b", "f:2:1: 'gossip.network' was set at 1:1")]
    public void A_mistake_is_named_with_its_place_and_what_to_do(string text, string expected)
    {
        var e = Assert.Throws<CommandException>(() => Apply(text));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_order()
    {
        var e = Assert.Throws<CommandException>(() => Apply("""
            gossip.push = perhaps
            gossip.nonsense = 1
            gossip.network = ${X}
            gossip.times.pull-grace = 2h
            """));
        Assert.Equal(
            ["f:1:15", "f:2:1", "f:3:18", "f:4:1"],
            e.Message.Split('\n').Select(line => line.Split(": ")[0]));
    }

    [Fact]
    public void The_shipped_file_names_every_option_with_its_default()
    {
        var text = File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "hocon", "node.conf"));
        var (entries, errors) = ConfigReader.Read(text);

        Assert.Empty(errors);
        Assert.Equal(Options().Append("gossip.api").Order(), entries.Select(e => e.Path).Order());
        Assert.Equal(ConfigSchema.Keys.Keys.Order(), entries.Select(e => e.Path).Order());
        var settings = Apply(text);
        Assert.Equal(Defaults.Api, settings.Api);
        Assert.Equal(Defaults.Options.Times, settings.Options.Times);
        Assert.Equal(Defaults.Options.Sizes, settings.Options.Sizes);
        Assert.Empty(settings.Options.Bootstrap);
        Assert.Empty(settings.Options.Topics);
        Assert.Equal(Defaults.Options, settings.Options with
        {
            Bootstrap = Defaults.Options.Bootstrap,
            Topics = Defaults.Options.Topics,
            Times = Defaults.Options.Times,
            Sizes = Defaults.Options.Sizes,
        });
    }

    [Fact]
    public void Every_key_changes_what_it_names()
    {
        foreach (var (key, set) in ConfigSchema.Keys)
        {
            var place = new Place(1, 1);
            ConfigValue value = key switch
            {
                "gossip.push" => Scalar("off"),
                "gossip.bootstrap" or "gossip.topics" =>
                    new ConfigValue.List([Scalar("x")], place),
                _ when key.StartsWith("gossip.times.", StringComparison.Ordinal) =>
                    Scalar("77 ms"),
                _ => Scalar("7777"),
            };
            Assert.NotEqual(Defaults, set(Defaults, value));

            ConfigValue.Scalar Scalar(string text) => new(text, false, place);
        }
    }

    private static FileSettings Apply(string text) => NodeFile.Apply("f", text, Defaults);

    private static IEnumerable<string> Options()
    {
        foreach (var property in typeof(GossipOptions).GetProperties())
        {
            var key = $"gossip.{Kebab(property.Name)}";
            var isSection = property.PropertyType == typeof(GossipTimes)
                || property.PropertyType == typeof(GossipSizes);
            foreach (var path in isSection
                ? property.PropertyType.GetProperties().Select(p => $"{key}.{Kebab(p.Name)}")
                : [key])
            {
                yield return path;
            }
        }
    }

    private static string Kebab(string name) =>
        Capital().Replace(name, "-$0").TrimStart('-').ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
