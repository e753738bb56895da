using Gossip.Actors.Runtime;
using Gossip.Host.Commands;
using Gossip.Host.Tests.Api;

namespace Gossip.Host.Tests.Client;

/// <summary>The commands, in processes, against a node that asks for a token over TLS.</summary>
public sealed class GuardedNodeTests : IDisposable
{
    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-guarded-tests-").FullName;

    private string Tokens => Path.Combine(_folder, "api.tokens");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_command_works_with_a_token_and_a_pinned_certificate()
    {
        var (certificate, _) = ApiRig.Certificate(_folder);
        var (reader, writer) = (await TokenAsync("read"), await TokenAsync("publish"));
        var boss = await TokenAsync("read,publish,admin");
        using var node = await StartAsync("0.0.0.0:0");
        Assert.StartsWith("https://127.0.0.1:", node.Api, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Refused, await AskAsync(reader, "topics", "join", "a"));
        Assert.Equal(ExitCode.Done, await AskAsync(boss, "topics", "join", "news"));
        Assert.Equal(ExitCode.Done, await AskAsync(writer, "publish", "news", certificate));
        Assert.Equal(ExitCode.Refused, await AskAsync(writer, "status"));
        Assert.Equal(ExitCode.Refused, await AskAsync(reader, "publish", "news", certificate));
        Assert.Equal(ExitCode.Refused, await AskAsync(writer, "publish", "a", certificate));
        foreach (var command in new[]
        {
            "status", "topics", "topics show news", "peers", "actor list", "subscription list",
        })
        {
            Assert.Equal(ExitCode.Done, await AskAsync(reader, command.Split(' ')));
        }

        var lines = await GossipProcess.RunAsync(["tail", "news", "--no-follow", "--name", "n",
            "--api", node.Api, "--ca", certificate, "--token-file", reader]);
        Assert.Equal($"{await File.ReadAllTextAsync(certificate)}\n", lines.Output);
        Assert.Equal((ExitCode.Refused, "certificate-refused"),
            await RunAsync("status", "--api", node.Api, "--token-file", reader));
        Assert.Equal((ExitCode.Refused, "token-needed"),
            await RunAsync("status", "--api", node.Api, "--ca", certificate));
        Assert.Equal(ExitCode.Done, await node.TerminateAsync());

        Task<int> AskAsync(string token, params string[] command) => GossipCommand.RunAsync(
            [.. command, "--api", node.Api, "--ca", certificate, "--token-file", token]);
    }

    [Fact]
    public async Task A_client_shows_its_token_to_nobody_it_should_not()
    {
        var (certificate, key) = ApiRig.Certificate(_folder);
        var token = await TokenAsync("read");
        Assert.Equal((ExitCode.Usage, "usage"), await RunAsync(
            "status", "--api", "http://192.0.2.1:1", "--token-file", token));
        Assert.Equal((ExitCode.Usage, "usage"), await RunAsync(
            "status", "--api", "https://127.0.0.1:1", "--token-file", token, "--ca", key));

        using var node = await StartAsync("127.0.0.1:0");
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        Assert.Equal((ExitCode.Refused, "certificate-refused"), await RunAsync(
            "status", "--api", node.Api, "--token-file", token,
            "--ca", ApiRig.Certificate(other).Certificate));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Equal((ExitCode.Failed, "token-file"), await RunAsync(
                "status", "--api", node.Api, "--token-file", token, "--ca", certificate));
        }
    }

    /// <summary>
    /// Everything it says at the most verbose level, and every file that it writes.
    /// </summary>
    [Fact]
    public async Task No_secret_is_written_anywhere()
    {
        var (certificate, key) = ApiRig.Certificate(_folder);
        var secret = Path.Combine(_folder, "passphrase");
        PrivateFile.Write(secret, "a passphrase for this test\n", replaces: false);
        var boss = await TokenAsync("read,publish,admin");
        var token = (await File.ReadAllTextAsync(boss)).Trim();
        var data = Path.Combine(_folder, "data");
        var log = Path.Combine(_folder, "log");
        var config = await ConfigAsync("127.0.0.1:0", $"""
            key-passphrase-file = "{secret}"
            log-level = trace
            """);
        await using (var writer = new StreamWriter(log))
        {
            using var node = await GossipProcess.StartReadyAsync(
                writer, "seed", "--json", "--config", config, "--data", data);
            foreach (var shown in new[] { token, token + "x" })
            {
                foreach (var path in new[] { "/status", "/topics/none", "/nothing" })
                {
                    using var http = new HttpClient(new Host.Client.NodeDoor(
                        node.Api, null, certificate).Handler());
                    using var request = new HttpRequestMessage(HttpMethod.Get, node.Api + path);
                    request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {shown}");
                    using var answer = await http.SendAsync(request);
                    Assert.DoesNotContain(token, await answer.Content.ReadAsStringAsync(),
                        StringComparison.Ordinal);
                }
            }

            Assert.Equal(ExitCode.Done, await node.TerminateAsync());
        }

        var said = await File.ReadAllTextAsync(log);
        Assert.Contains("Request starting", said, StringComparison.Ordinal);
        string[] secrets =
        [
            token, token["gossip_".Length..], "a passphrase for this test",
            Line(await File.ReadAllTextAsync(key)),
        ];
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories).Append(log))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(
                secrets, s => text.Contains(s, StringComparison.OrdinalIgnoreCase));
            Assert.True(Path.GetFileName(file) == KeyFile.Name
                || !text.Contains("PRIVATE KEY", StringComparison.Ordinal), file);
        }

        Assert.Contains("ENCRYPTED", await File.ReadAllTextAsync(Path.Combine(data, KeyFile.Name)),
            StringComparison.Ordinal);
    }

    /// <summary>The first line of a key itself.</summary>
    private static string Line(string pem) => pem.Split('\n')[1];

    private async Task<string> TokenAsync(string scopes)
    {
        var path = Path.Combine(_folder, $"{scopes}.token");
        var (code, output, error) = await GossipProcess.RunAsync(
            "token", "create", "--tokens", Tokens, "--scope", scopes, "--out", path);
        Assert.Equal((ExitCode.Done, ""), (code, output));
        Assert.Contains($"--tokens {Tokens}", error, StringComparison.Ordinal);
        return path;
    }

    private async Task<string> ConfigAsync(string api, string more = "")
    {
        var path = Path.Combine(_folder, "node.conf");
        await File.WriteAllTextAsync(path, $$"""
            gossip {
              listen = "127.0.0.1:0", api = "{{api}}"
              http {
                tokens = "{{Tokens}}"
                certificate = "{{Path.Combine(_folder, "api.crt")}}"
                certificate-key = "{{Path.Combine(_folder, "api.key")}}"
              }
              {{more}}
            }
            """);
        return path;
    }

    private async Task<GossipProcess> StartAsync(string api) => await GossipProcess.StartReadyAsync(
        "seed", "--json", "--config", await ConfigAsync(api), "--memory");

    /// <summary>How it ended, and the code of the error.</summary>
    private static async Task<(int Code, string Error)> RunAsync(params string[] command)
    {
        var (code, _, error) = await GossipProcess.RunAsync([.. command, "--json"]);
        return (code, error.StartsWith("{\"error\":\"", StringComparison.Ordinal)
            ? error.Split('"')[3]
            : "");
    }
}
