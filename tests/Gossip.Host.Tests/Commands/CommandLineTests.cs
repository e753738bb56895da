using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("seed --listen 127.0.0.1:1 --topic a --topic b --json")]
    [InlineData("member --data d --bootstrap 127.0.0.1:1 --bootstrap 127.0.0.1:2 --memory")]
    [InlineData("publish news")]
    [InlineData("publish news - --json --api http://127.0.0.1:1")]
    [InlineData("publish news --acks 2 --acks-timeout 5s --key order-17 --whole")]
    [InlineData("tail news --from 3.1 --no-follow --count 2")]
    [InlineData("topics")]
    [InlineData("topics join news")]
    [InlineData("topics show news")]
    [InlineData("topics end news")]
    [InlineData("member --actor news=a.dll:B --actor news=a.dll:B@c")]
    [InlineData("tail news --name w --from now")]
    [InlineData("actor list --json")]
    [InlineData("trust show --limit 5")]
    [InlineData("actor resume news w --skip")]
    [InlineData("subscription list")]
    [InlineData("subscription list news")]
    [InlineData("subscription reset news w 3")]
    [InlineData("subscription remove news w")]
    [InlineData("events --json --count 3")]
    [InlineData("peers --data d")]
    [InlineData("status")]
    [InlineData("limits --json")]
    [InlineData("sync")]
    [InlineData("sync did:key:zX")]
    [InlineData("key")]
    [InlineData("key new --data d")]
    [InlineData("key rotate --json")]
    [InlineData("erase 00ff --api http://127.0.0.1:1")]
    [InlineData("key encrypt --data d --passphrase-file f")]
    [InlineData("key decrypt --data d --passphrase-file f --json")]
    [InlineData("token create --scope read,publish,admin")]
    [InlineData("token create --tokens f --scope read --name n --out g --json")]
    [InlineData("token list --tokens f")]
    [InlineData("token revoke n --tokens f")]
    [InlineData("seed --tokens f --api 0.0.0.0:7780")]
    [InlineData("status --api https://a:1 --token-file f --ca g")]
    [InlineData("demo --nodes 3 --input f --json --keep d")]
    [InlineData("check f --role member --json")]
    [InlineData("config show --origin --config f --role seed --listen none")]
    [InlineData("config reference")]
    public void What_is_documented_is_understood(string line) =>
        Assert.Empty(GossipCommand.Create().Parse(line).Errors);

    [Theory]
    [Row("F8")]
    [InlineData("nonsense", ExitCode.Usage)]
    [InlineData("publish", ExitCode.Usage)]
    [InlineData("publish news --acks 0", ExitCode.Usage)]
    [InlineData("publish news --acks 1 --acks-timeout 5", ExitCode.Usage)]
    [InlineData("publish news --acks-timeout 5s", ExitCode.Usage)]
    [InlineData("publish news --key  ", ExitCode.Usage)]
    [InlineData("status --api ftp://127.0.0.1:1", ExitCode.Usage)]
    [InlineData("tail news --from yesterday", ExitCode.Usage)]
    [InlineData("demo --nodes 0", ExitCode.Usage)]
    [InlineData("demo --input /nowhere/at/all", ExitCode.Usage)]
    [InlineData("member --api 0.0.0.0:0", ExitCode.Usage)]
    [InlineData("member --api 0.0.0.0:0 --tokens f", ExitCode.Usage)]
    [InlineData("member --memory --api 127.0.0.1:0 --tokens /nowhere/at/all", ExitCode.Failed)]
    [InlineData("token create", ExitCode.Usage)]
    [InlineData("token create --tokens /dev/null/f --scope everything", ExitCode.Usage)]
    [InlineData("token create --tokens /dev/null/f --scope read --name a:b", ExitCode.Usage)]
    [InlineData("token create --tokens /dev/null/f --scope read", ExitCode.Failed)]
    [InlineData("token list --tokens /nowhere/at/all", ExitCode.Failed)]
    [InlineData("token revoke n --tokens /nowhere/at/all", ExitCode.Failed)]
    [InlineData("key encrypt --data /nowhere/at/all", ExitCode.Usage)]
    [InlineData("key --passphrase-file /nowhere/at/all", ExitCode.Failed)]
    [InlineData("status --token-file /nowhere/at/all", ExitCode.Failed)]
    [InlineData("status --ca /nowhere/at/all", ExitCode.Usage)]
    [InlineData("member --listen nonsense", ExitCode.Usage)]
    [InlineData("member --memory --actor news", ExitCode.Usage)]
    [InlineData("member --memory --actor a=b:C --actor a=b:D@C", ExitCode.Usage)]
    [InlineData("events --count 0", ExitCode.Usage)]
    [InlineData("events --api http://127.0.0.1:1", ExitCode.Unreachable)]
    [InlineData("actor resume news", ExitCode.Usage)]
    [InlineData("actor list --api http://127.0.0.1:1", ExitCode.Unreachable)]
    [InlineData("trust add did:key:zX 0.5 --api http://127.0.0.1:1", ExitCode.Usage)]
    [InlineData("trust show --from did:key:zX --api http://127.0.0.1:1", ExitCode.Usage)]
    [InlineData("trust show --api http://127.0.0.1:1", ExitCode.Unreachable)]
    [InlineData("tail news --name .. --api http://127.0.0.1:1", ExitCode.Usage)]
    [InlineData("member --topic spa$ce", ExitCode.Usage)]
    [InlineData("member --config /nowhere/at/all", ExitCode.Usage)]
    [InlineData("status --api http://127.0.0.1:1", ExitCode.Unreachable)]
    [InlineData("status --data /nowhere/at/all", ExitCode.Unreachable)]
    public async Task Exit_codes_say_what_went_wrong(string line, int expected) =>
        Assert.Equal(expected, await GossipCommand.RunAsync(line.Split(' ')));

    [Fact]
    public async Task Errors_are_JSON_on_standard_error_when_asked()
    {
        var (code, output, error) = await GossipProcess.RunAsync(
            "status", "--json", "--api", "http://127.0.0.1:1");
        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Empty(output);
        Assert.StartsWith("{\"error\":\"unreachable\",\"message\":\"", error,
            StringComparison.Ordinal);
    }
}
