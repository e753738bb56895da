using Gossip.Actors.Protocol;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration;

/// <summary>Which layer wins, does each value know where it is from, and what is refused?</summary>
[Row("F1")]
public sealed class LayersTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Flags_lie_over_variables_over_the_file_over_the_role_over_the_reference()
    {
        var configured = Read(
            """
            gossip {
              times { pull-grace = 2 s, pull-timeout = 2 s, round-timeout = 2 s }
              network = file, listen = "file:1"
            }
            """,
            [("GOSSIP_TIMES_PULL_TIMEOUT", "3s"), ("GOSSIP_NETWORK", "variable"),
                ("GOSSIP_LISTEN", "variable:1")],
            new Flag("gossip.network", "--network", ["flag"]),
            new Flag("gossip.listen", "--listen", ["none"]));

        Assert.Empty(configured.Errors);
        AssertIs(configured, "gossip.network", "\"flag\"", "flag --network");
        AssertIs(configured, "gossip.listen", "null", "flag --listen");
        AssertIs(configured, "gossip.times.pull-timeout", "3 s",
            "environment variable GOSSIP_TIMES_PULL_TIMEOUT");
        AssertIs(configured, "gossip.times.pull-grace", "2 s", $"{_file}:2");
        AssertIs(configured, "gossip.api", "\"127.0.0.1:7781\"", "gossip member");
        AssertIs(configured, "gossip.times.redial-min", "250 ms", "reference.conf");
    }

    /// <summary>Each line doubles it: seventeen make 131,072 elements.</summary>
    [Theory]
    [InlineData(14, 0)]
    [InlineData(15, 1)]
    [InlineData(17, 1)]
    public void A_list_that_is_a_setting_has_an_end(int doublings, int errors)
    {
        var lines = Enumerable.Range(1, doublings)
            .Select(i => $"a{i} = ${{a{i - 1}}}${{a{i - 1}}}");
        var configured = Read(
            $"a0 = [x]\n{string.Join('\n', lines)}\ngossip.topics = ${{a{doublings}}}", []);
        Assert.Equal(errors, configured.Errors.Count);
        Assert.All(configured.Errors, e => Assert.Contains(
            $"found {1 << doublings} elements; at most 16384.", e.Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_may_build_on_what_lies_below_and_on_the_environment()
    {
        var configured = Read(
            """
            gossip.bootstrap += "more:1"
            gossip.data-directory = ${gossip.data-directory}/deeper
            gossip.network = ${?THERE}-${?NOT_THERE}x
            gossip.times { pull-timeout = ${gossip.times.idle-timeout}, ping-interval = 3 }
            """,
            [("THERE", "there"), ("GOSSIP_TIMES_IDLE_TIMEOUT", "0.5 minutes")]);

        Assert.Empty(configured.Errors);
        Assert.Equal(["127.0.0.1:7700", "more:1"], configured.Settings.Options.Bootstrap);
        AssertIs(
            configured, "gossip.data-directory", "\"./gossip-data/member/deeper\"", $"{_file}:2");
        AssertIs(configured, "gossip.network", "\"there-x\"", $"{_file}:3");
        AssertIs(configured, "gossip.times.pull-timeout", "30 s", $"{_file}:4");
        AssertIs(configured, "gossip.times.ping-interval", "3 ms", $"{_file}:4");
    }

    /// <summary>Each key by its variable: what a variable says is taken as it is.</summary>
    [Fact]
    public void Every_key_has_a_variable_but_one()
    {
        foreach (var key in Schema.Keys.Where(key => key.Path != "gossip.api"))
        {
            var (value, shown) = Other(key);
            var configured = Read("", [(key.Variable, value)]);
            Assert.DoesNotContain(configured.Errors, e =>
                e.Message.Contains("No setting", StringComparison.Ordinal));
            Assert.Equal(
                (shown, $"environment variable {key.Variable}"),
                (key.Show(configured.Settings), configured.Origins[key.Path].Origin));
        }
    }

    [Theory]
    [InlineData("gossip.netwrok = x",
        "F:1:1: Unknown key 'gossip.netwrok'. Did you mean 'gossip.network'? All keys: gossip")]
    [InlineData("gossip.round-interval = 1s", "Did you mean 'gossip.times.round-interval'?")]
    [InlineData("gossip { times { network = x } }", "Did you mean 'gossip.network'?")]
    [InlineData("gossip { nonsense = 1 }", "F:1:10: Unknown key 'gossip.nonsense'. All keys:")]
    [InlineData("gossip { \"times.pull-grace\" = 1s }",
        "F:1:10: Unknown key 'gossip.\"times.pull-")]
    [InlineData("gossip.times = 5", "F:1:16: gossip.times: expected settings, gossip.times { … }")]
    [InlineData("gossip = [1]", "F:1:10: gossip: expected settings")]
    [InlineData("gossip.times.pull-grace = 5 parsecs",
        "F:1:27: gossip.times.pull-grace: expected a duration from 1 ms to 1 h; 'parsecs' is no")]
    [InlineData("gossip.times.pull-grace = 2h", "1 ms to 1 h; found 2h.")]
    [InlineData("gossip.times.pull-grace = 0", "1 ms to 1 h; found 0.")]
    [InlineData("gossip.times.pull-grace = soon", "'soon' does not begin with a number")]
    [InlineData("gossip.times.pull-grace = {}", "found an object { … }.")]
    [InlineData("gossip.sizes.mailbox-max = 1",
        "expected a whole number from 64 to 1048576; found")]
    [InlineData("gossip.sizes.mailbox-max = 1 KiB", "expected a whole number")]
    [InlineData("gossip.sizes.credit-bytes = 4 MB/s", "'MB/s' is no unit of size")]
    [InlineData("gossip.sizes.credit-bytes = 99 GiB", "a size from 1 MiB to 1 GiB; found 99 GiB.")]
    [InlineData("gossip.sizes.credit-bytes = 2.5", "no number of whole bytes")]
    [InlineData("gossip.push = maybe",
        "F:1:15: gossip.push: expected true or false; found 'maybe'")]
    [InlineData("gossip.bootstrap = a", "gossip.bootstrap: expected a list, [ …, … ]")]
    [InlineData("gossip.bootstrap = [\"a:1\" \"b:2\"]",
        "F:1:21: gossip.bootstrap: expected a list")]
    [InlineData("gossip.bootstrap = [\"a:1\", b]", "F:1:28: gossip.bootstrap: expected a list")]
    [InlineData("gossip.network = null", "a name of 1 to 64 bytes; found null.")]
    [InlineData("gossip.network = \"\"", "found 0 bytes")]
    [InlineData("gossip.topics = [\"a b\"]", "F:1:18: gossip.topics: expected a list")]
    [InlineData("gossip.api = \"0.0.0.0:1\"", "F:1:14: gossip.api: 0.0.0.0:1 is not on")]
    [InlineData("gossip.api = \"a.example:1\"", "expected an address of this machine")]
    [InlineData("gossip.http.certificate = a", "gossip.http.certificate = \"a\" does not go with")]
    [InlineData("gossip.http.bodies-bytes-max = 1 MiB", "bodies-bytes-max: at least body-bytes")]
    [InlineData("gossip.http.hosts = [\"a b\"]", "each element a name \"node.example.org\"")]
    [InlineData("gossip.log-level = loud", "expected trace, debug, info, warn or error; found")]
    [InlineData("gossip.times.ping-interval = 1 m",
        "F:1:30: gossip.times.ping-interval = 1 m does not go with gossip.times.idle-timeout")]
    [InlineData("gossip.times.idle-timeout = 1 s",
        "F:1:29: gossip.times.idle-timeout: longer than ping-interval")]
    [InlineData("gossip.sizes.frame-bytes-max = 16 MiB",
        "F:1:32: gossip.sizes.frame-bytes-max = 16 MiB does not go with gossip.sizes.credit-bytes")]
    [InlineData("gossip.times = null\ngossip.times.pull-grace = 5 s", "")]
    public void A_mistake_is_named_with_its_place_its_range_and_what_to_do(
        string text, string expected)
    {
        var errors = Read(text, []).Errors
            .Select(error => $"{error.Place}: {error.Message}".Replace(_file, "F",
                StringComparison.Ordinal)).ToArray();
        Assert.Equal(expected.Length > 0, errors.Length > 0);
        Assert.True(
            expected.Length == 0 || errors.Any(e => e.Contains(expected, StringComparison.Ordinal)),
            string.Join('\n', errors));
    }

    [Theory]
    [InlineData("GOSSIP_TIMES_RUND_INTERVAL", "1s",
        "environment variable GOSSIP_TIMES_RUND_INTERVAL: No setting has this variable. Did you "
        + "mean 'GOSSIP_TIMES_ROUND_INTERVAL'?")]
    [InlineData("GOSSIP_PUSH", "perhaps",
        "environment variable GOSSIP_PUSH: gossip.push: expected true or false; found 'perhaps'.")]
    [InlineData("GOSSIP_LISTEN", "", "GOSSIP_LISTEN: gossip.listen: expected an address")]
    public void A_variable_that_cannot_be_is_named(string name, string value, string expected)
    {
        var error = Assert.Single(Read("", [(name, value)]).Errors);
        Assert.Contains(expected, $"{error.Place}: {error.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_tells_commands_where_a_node_is_sets_nothing()
    {
        var configured = Read("", [("GOSSIP_API", "http://127.0.0.1:1")]);
        Assert.Empty(configured.Errors);
        AssertIs(configured, "gossip.api", "\"127.0.0.1:7781\"", "gossip member");
    }

    [Fact]
    public void All_mistakes_of_all_layers_are_told_at_once_in_order()
    {
        var e = Assert.Throws<CommandException>(() => Read(
            """
            gossip.push = perhaps, gossip.nonsense = 1
            gossip.network = ${X}
            gossip.topics = [a
            """,
            [("GOSSIP_X", "1")],
            new Flag("gossip.listen", "--listen", ["x"])).Checked());
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Equal(
            ["6 mistakes:", "F:1:15", "F:1:24", "F:2:18", "F:3:17",
                "environment variable GOSSIP_X", "flag --listen"],
            e.Message.Split('\n').Select(line => line
                .Replace(_file, "F", StringComparison.Ordinal).Split(": ")[0]));
    }

    [Theory]
    [InlineData("akka { loglevel = ${?LEVEL}, x = ${nowhere} }\ngossip.push = off", null)]
    [InlineData("gosip { push = off }", "F:1:1: 'gosip' is left alone, as everything outside")]
    [InlineData("gossip {}\ntimes { pull-grace = 1s }", "Did you mean 'gossip { times … }'?")]
    [InlineData("", "F sets nothing under gossip { … }.")]
    public void Other_roots_are_left_alone_but_for_a_note(string text, string? note)
    {
        var configured = Read(text, []);
        Assert.Empty(configured.Errors);
        Assert.Equal(note is not null, configured.Notes.Any(n => n
            .Replace(_file, "F", StringComparison.Ordinal)
            .Contains(note ?? "F", StringComparison.Ordinal)));
    }

    /// <summary>Where Akka.NET runs the node, its settings are read from the same files.</summary>
    [Fact]
    public void Akkas_settings_are_handed_on_as_json()
    {
        var configured = Read(
            "gossip.runtime = akka\nx = [1, two]\nakka { a.b = 3s, c = ${x}, d = null, e = true }",
            []);
        Assert.Empty(configured.Errors);
        Assert.Equal(
            """{"akka":{"a":{"b":"3s"},"c":["1","two"],"d":null,"e":"true"}}""",
            configured.Settings.Akka);
        Assert.NotEmpty(Read("gossip.runtime = akka\nakka.x = ${nowhere}", []).Errors);
    }

    [Fact]
    public void A_topic_is_a_topic() => Assert.Equal(
        [new TopicName("a"), new TopicName("b/c")],
        Read("", [("GOSSIP_TOPICS", "a, b/c")]).Settings.Options.Topics);

    /// <summary>A value that is not the default, and as it is shown.</summary>
    private static (string Value, string Shown) Other(SettingKey key) => key.Expected switch
    {
        _ when key.IsList && key.LastWord is "topics" or "hosts" or "protected" =>
            ("x, y", "[\"x\", \"y\"]"),
        _ when key.IsList && key.LastWord == "actors" =>
            ("x=a.dll:T@n,y=b.dll:N.U", "[\"x=a.dll:T@n\", \"y=b.dll:N.U@U\"]"),
        _ when key.IsList => ("x:1,y:2", "[\"x:1\", \"y:2\"]"),
        "true or false" when key.LastWord == "loopback-limited" => ("on", "true"),
        "true or false" or "auto, true or false" => ("off", "false"),
        "a score, 0 to 1" => ("0.3", "0.3"),
        _ when key.LastWord == "compression" => ("all", "all"),
        _ when key.Expected.StartsWith("a duration", StringComparison.Ordinal) =>
            key.LastWord == "burst"
                || key.Path.StartsWith("gossip.http.", StringComparison.Ordinal)
                ? ("3 s", "3 s")
                : ("77 s", "77 s"),
        _ when key.Expected.StartsWith("a size", StringComparison.Ordinal) =>
            key.LastWord is "payload-bytes-max" or "head-bytes-max"
                ? ("5 KiB", "5 KiB")
            : key.LastWord == "bodies-bytes-max"
                ? ("9 MiB", "9 MiB")
            : ("2 MiB", "2 MiB"),
        _ when key.LastWord == "trust-attestations-max" => ("77777", "77777"),
        _ when key.Expected.StartsWith("a whole", StringComparison.Ordinal) => ("777", "777"),
        _ when key.LastWord == "log-level" => ("debug", "debug"),
        _ when key.LastWord == "runtime" => ("akka", "akka"),
        _ when key.LastWord == "network" => ("x", "\"x\""),
        _ => ("x:7", "\"x:7\""),
    };

    private static void AssertIs(Configured configured, string key, string value, string origin) =>
        Assert.Equal(
            (value, origin),
            (Schema.ByPath[key].Show(configured.Settings), configured.Origins[key].Origin));

    private Configured Read(
        string text, (string Name, string Value)[] variables, params Flag[] flags)
    {
        File.WriteAllText(_file, text);
        return Layers.Read(
            NodeRole.Member, _file, variables.ToDictionary(v => v.Name, v => v.Value), flags);
    }
}
