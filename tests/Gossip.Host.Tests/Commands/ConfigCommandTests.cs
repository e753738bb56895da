using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Host.Configuration;
using Gossip.Tests;

namespace Gossip.Host.Tests.Commands;

/// <summary><c>gossip check</c> and <c>gossip config</c>, as a user runs them.</summary>
[Row("F1")]
public sealed class ConfigCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_good_file_is_shown_with_where_each_value_came_from()
    {
        await File.WriteAllTextAsync(_file, "gossip.times {\n  pull-grace = 7 ms\n}\n");
        var (code, output, error) = await GossipProcess.RunAsync(
            "check", _file, "--role", "member");

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Matches($"gossip.times.pull-grace = 7 ms +# {_file}:2\n", output);
        Assert.Matches("gossip.api = \"127.0.0.1:7781\" +# gossip member\n", output);
        Assert.Matches("gossip.push = true +# reference.conf\n", output);
        Assert.Equal(Schema.Keys.Count, output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task A_wrong_file_is_refused_with_all_that_is_wrong()
    {
        await File.WriteAllTextAsync(_file, """
            gossip {
              netwrok = prod                 # a slip
              listen = 127.0.0.1:7700        # no quotes
              times { round-interval = 2h, pull-grace = 5 parsecs }
              bootstrap = ["a:1" "b:2"]
              advertise = ${MY_ADDRESS}
              sizes { frame-bytes-max = 16 MiB }
            }
            """);
        var (code, output, error) = await GossipProcess.RunAsync("check", _file);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.Equal(
            $"""
            gossip: 8 mistakes:
            F:2:3: Unknown key 'gossip.netwrok'. Did you mean 'gossip.network'? All keys: \
            gossip config reference.
            F:3:21: ':' inside a value needs quotes: write the value as "…".
            F:4:28: gossip.times.round-interval: expected a duration from 1 ms to 1 h; found 2h.
            F:4:45: gossip.times.pull-grace: expected a duration from 1 ms to 1 h; 'parsecs' is \
            no unit of time: ns, us, ms, s, m, h or d.
            F:5:16: gossip.bootstrap: expected a list, [ …, … ]; each element an address \
            "HOST:PORT", port 0 to 65535; found 'a:1 b:2'.
            F:6:15: '{"${MY_ADDRESS}"}' is set nowhere: neither in the files nor in the \
            environment. Set it, or write {"${?MY_ADDRESS}"} if it may be missing.
            F:7:29: gossip.sizes.frame-bytes-max = 16 MiB does not go with \
            gossip.sizes.credit-bytes: 16777216 to 1073741824, not 4194304.
            F:7:29: gossip.sizes.frame-bytes-max = 16 MiB does not go with \
            gossip.sizes.send-queue-bytes-max: 16777216 to 1073741824, not 4194304.

            """.ReplaceLineEndings("\n").Replace(" \\\n", " ", StringComparison.Ordinal),
            error.Replace(_file, "F", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_reads_the_same_as_JSON()
    {
        await File.WriteAllTextAsync(_file, "gossip.push = perhaps\nakka.loglevel = INFO");
        var (code, output, _) = await GossipProcess.RunAsync("check", _file, "--json");
        using var wrong = JsonDocument.Parse(output);
        var mistake = wrong.RootElement.GetProperty("errors")[0];

        Assert.Equal(ExitCode.Usage, code);
        Assert.False(wrong.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(_file, mistake.GetProperty("source").GetString());
        Assert.Equal(1, mistake.GetProperty("line").GetInt32());
        Assert.Equal(15, mistake.GetProperty("column").GetInt32());

        await File.WriteAllTextAsync(_file, "gossip.push = off\nakka.loglevel = INFO");
        (code, output, _) = await GossipProcess.RunAsync("check", _file, "--json");
        using var right = JsonDocument.Parse(output);
        var setting = right.RootElement.GetProperty("settings").EnumerateArray()
            .Single(s => s.GetProperty("key").GetString() == "gossip.push");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal("false", setting.GetProperty("value").GetString());
        Assert.Equal($"{_file}:1", setting.GetProperty("origin").GetString());
        Assert.Equal("true or false", setting.GetProperty("expected").GetString());
    }

    /// <summary>What is shown is a file that sets the same.</summary>
    [Fact]
    public async Task What_is_shown_can_be_used_as_a_file()
    {
        string[] flags = ["--listen", "none", "--bootstrap", "a:1", "--bootstrap", "b:2",
            "--data", "some \"where\"", "--topic", "a/b", "--role", "member"];
        var (code, shown, _) = await GossipProcess.RunAsync(["config", "show", .. flags]);
        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("#", shown, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_file, shown);
        var (_, again, _) = await GossipProcess.RunAsync("config", "show", "--config", _file);
        Assert.Equal(shown, again);
        var (_, origins, _) = await GossipProcess.RunAsync(
            ["config", "show", "--origin", .. flags]);
        Assert.Matches("gossip.listen = null +# flag --listen\n", origins);
    }

    [Fact]
    public async Task The_reference_is_printed_and_is_a_right_file()
    {
        var (code, reference, _) = await GossipProcess.RunAsync("config", "reference");
        Assert.Equal(ExitCode.Done, code);
        await File.WriteAllTextAsync(_file, reference);
        Assert.Equal(ExitCode.Done, await GossipCommand.RunAsync(["check", _file]));
    }

    [Theory]
    [InlineData("check /nowhere/at/all.conf", ExitCode.Usage)]
    [InlineData("check", ExitCode.Usage)]
    [InlineData("check /tmp", ExitCode.Usage)]
    [InlineData("config", ExitCode.Usage)]
    [InlineData("config show --role king", ExitCode.Usage)]
    [InlineData("config show --listen nonsense", ExitCode.Usage)]
    [InlineData("config show --config /nowhere/at/all.conf --json", ExitCode.Usage)]
    [InlineData("config show --origin --json --memory", ExitCode.Done)]
    public async Task Exit_codes_say_how_it_ended(string line, int expected) =>
        Assert.Equal(expected, await GossipCommand.RunAsync(line.Split(' ')));
}
