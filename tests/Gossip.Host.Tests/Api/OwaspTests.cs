using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Tests.Api;

/// <summary>
/// The classes of the OWASP API Security Top 10 (2023), each with what must not work. Class 6
/// (business flows) has no counterpart: the API sells nothing. What a client must not believe
/// (class 10) is in ClientTests.
/// </summary>
public sealed class OwaspTests(GuardedNode node) : IClassFixture<GuardedNode>
{
    private const string All = "read,publish,admin";

    /// <summary>
    /// 1, object level: what is not given to a token it does not reach by naming it.
    /// </summary>
    [Theory]
    [InlineData("publish", "GET", "/entries/{entry}", 403, "scope-missing")]
    [InlineData("admin", "GET", "/entries/{entry}", 403, "scope-missing")]
    [InlineData("publish", "GET", "/topics/news", 403, "scope-missing")]
    [InlineData("publish", "PUT", "/topics/news/subscriptions/s", 403, "scope-missing")]
    [InlineData("read", "DELETE", "/topics/news/subscriptions/s", 403, "scope-missing")]
    [InlineData(All, "GET", "/entries/..%2f..%2fetc%2fpasswd", 400, "entry-invalid")]
    [InlineData(All, "GET", "/topics/..%2f..%2fnode.key", 404, "topic-unknown")]
    [InlineData(All, "DELETE", "/topics/news/subscriptions/else", 404, "subscription-unknown")]
    public Task Objects(string token, string method, string path, int status, string code) =>
        RefusedAsync(token, method, path, status, code);

    /// <summary>2, authentication.</summary>
    [Theory]
    [InlineData(null, 401, "token-needed")]
    [InlineData("", 401, "token-needed")]
    [InlineData("Bearer", 401, "token-needed")]
    [InlineData("Bearer ", 401, "token-needed")]
    [InlineData("Bearer {hash}", 401, "token-unknown")]
    [InlineData("Bearer {half}", 401, "token-unknown")]
    [InlineData("Bearer {token}x", 401, "token-unknown")]
    [InlineData("Bearer {upper}", 401, "token-unknown")]
    [InlineData("Basic {token}", 401, "token-needed")]
    [InlineData("{token}", 401, "token-needed")]
    [InlineData("Bearer {token}, Bearer {token}", 401, "token-unknown")]
    public async Task Authentication(string? header, int status, string code)
    {
        var token = node.Tokens["read"];
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"/status?access_token={token}&token={token}");
        request.Headers.Add("Cookie", $"token={token}");
        request.Headers.Add("X-Api-Key", token);
        request.Headers.TryAddWithoutValidation("Authorization", header?
            .Replace("{token}", token, StringComparison.Ordinal)
            .Replace("{half}", token[..^1], StringComparison.Ordinal)
            .Replace("{upper}", token.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{hash}", Convert.ToHexStringLower(AccessToken.HashOf(token)),
                StringComparison.Ordinal));
        using var answer = await node.Rig.Client().SendAsync(request);
        Assert.Equal((status, code), await ApiRig.ReadAsync(answer));
        Assert.StartsWith("Bearer", $"{answer.Headers.WwwAuthenticate}", StringComparison.Ordinal);
    }

    /// <summary>
    /// 3, properties: none is set that is not asked for, none shown to strangers.
    /// </summary>
    [Theory]
    [InlineData("POST", "/topics/news/entries", "{\"data\":\"a\",\"author\":\"b\"}")]
    [InlineData("POST", "/topics/news/entries", "{\"data\":\"a\",\"data\":\"b\"}")]
    [InlineData("POST", "/topics/news/entries", "{\"data\":\"a\",\"base64\":\"YQ==\"}")]
    [InlineData("PUT", "/topics/news/subscriptions/s", "{\"position\":0,\"lag\":7}")]
    [InlineData("POST", "/sync", "{\"peer\":null,\"trusted\":true}")]
    public Task Properties(string method, string path, string body) =>
        RefusedAsync(All, method, path, 400, "body-invalid", body);

    /// <summary>Why a node is not ready names its disk, its peers, its faults.</summary>
    [Fact]
    public async Task Properties_of_health_are_not_for_strangers()
    {
        var folder = Directory.CreateTempSubdirectory("gossip-owasp-").FullName;
        try
        {
            var (path, tokens) = ApiRig.Tokens(folder);
            await using var rig = await ApiRig.StartAsync(new() { Tokens = path });
            await rig.Server.BeginStopAsync();
            foreach (var (token, reasons) in new[]
            {
                (null, ""), (tokens["publish"], ""), (tokens["read"], "\"stopping\""),
            })
            {
                using var answer = await rig.Client(token).GetAsync("/readyz");
                Assert.Equal(
                    $"{{\"status\":\"not-ready\",\"reasons\":[{reasons}]}}",
                    await answer.Content.ReadAsStringAsync());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// 4, resources: bytes, depth, counts. Rates and slowness have tests of their own.
    /// </summary>
    [Theory]
    [InlineData("GET", "/topics/news/entries?limit=1001", 400, "limit-invalid", 0, "")]
    [InlineData("GET", "/topics/news/entries?limit=99999999999", 400, "limit-invalid", 0, "")]
    [InlineData("POST", "/topics/news/entries", 413, "payload-too-large", 300_000, "text/plain")]
    [InlineData("POST", "/topics/news/entries", 413, "body-too-large", 7_000_000,
        PublishBody.BatchType)]
    [InlineData("POST", "/topics/news/entries", 413, "payloads-too-many", -2_000_000,
        PublishBody.BatchType)]
    [InlineData("POST", "/sync", 413, "body-too-large", 70_000, "application/json")]
    [InlineData("PUT", "/topics/news/subscriptions/s", 413, "body-too-large", 70_000, "text/x")]
    [InlineData("GET", "/status", 431, "", -1, "")]
    public async Task Resources(
        string method, string path, int status, string code, int bytes, string type)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (bytes is > 0 or < -1)
        {
            var text = bytes > 0
                ? new string('x', bytes)
                : string.Concat(Enumerable.Repeat("{\"data\":\"\"}\n", -bytes / 12));
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(text));
            request.Headers.ExpectContinue = bytes > 1_000_000;
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        else if (bytes == -1)
        {
            request.Headers.Add("X-Long", new string('x', 20_000));
        }

        var before = await node.Rig.RejectedAsync("body-bytes", node.Tokens[All]);
        using var answer = await node.Rig.Client(node.Tokens[All]).SendAsync(request);
        Assert.Equal((status, code), await ApiRig.ReadAsync(answer));
        Assert.Equal(before + (status == 413 ? 1 : 0),
            await node.Rig.RejectedAsync("body-bytes", node.Tokens[All]));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100_000)]
    public async Task Resources_of_a_parser(int depth)
    {
        var deep = $"{{\"data\":{new string('[', depth)}{new string(']', depth)}}}";
        await RefusedAsync(All, "POST", "/topics/news/entries", 400, "body-invalid", deep);
    }

    /// <summary>5, function level: a token does what it is for, and nothing beside it.</summary>
    [Theory]
    [InlineData("read", "POST", "/topics/news/entries")]
    [InlineData("read", "POST", "/topics/other/join")]
    [InlineData("read", "POST", "/topics/news/end")]
    [InlineData("read", "POST", "/topics/news/actors/a/resume")]
    [InlineData("read", "POST", "/sync")]
    [InlineData("publish", "GET", "/status")]
    [InlineData("publish", "GET", "/topics/news/stream")]
    [InlineData("publish", "POST", "/topics/other/join")]
    [InlineData("publish", "POST", "/topics/news/end")]
    [InlineData("admin", "POST", "/topics/news/entries")]
    [InlineData("admin", "GET", "/topics/news/entries")]
    [InlineData("admin", "GET", "/events")]
    public Task Functions(string token, string method, string path) =>
        RefusedAsync(token, method, path, 403, "scope-missing");

    /// <summary>
    /// 7, forged requests of the node's: it goes nowhere because a caller says so.
    /// </summary>
    [Fact]
    public async Task Requests_of_the_node()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var url = $"http://{trap.LocalEndpoint}/";
        await RefusedAsync(All, "POST", "/sync", 400, "peer-invalid", $"{{\"peer\":\"{url}\"}}");
        await RefusedAsync(All, "POST", $"/topics/{Uri.EscapeDataString(url)}/join", 400,
            "topic-invalid");
        await RefusedAsync(All, "GET", $"/topics/news/entries?after={Uri.EscapeDataString(url)}",
            400, "position-invalid");
        foreach (var name in new[] { "X-Forwarded-Host", "X-Original-URL", "Referer", "Forwarded" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
            request.Headers.TryAddWithoutValidation(name, url);
            using var answer = await node.Rig.Client(node.Tokens[All]).SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.False(trap.Pending());
    }

    /// <summary>8, configuration: names, pages, spellings and protocols.</summary>
    [Theory]
    [InlineData("Host", "evil.example", 421, "host-refused")]
    [InlineData("Host", "127.0.0.1.evil.example", 421, "host-refused")]
    [InlineData("Host", "192.0.2.1", 421, "host-refused")]
    [InlineData("Host", "evil.node.example", 421, "host-refused")]
    [InlineData("Origin", "https://evil.example", 403, "origin-refused")]
    [InlineData("Origin", "https://node.example.evil.example", 403, "origin-refused")]
    [InlineData("Origin", "null", 403, "origin-refused")]
    [InlineData("Origin", "file:///etc", 403, "origin-refused")]
    public async Task Configuration(string header, string value, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/version");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await node.Rig.Client(node.Tokens[All]).SendAsync(request);
        Assert.Equal((status, code), await ApiRig.ReadAsync(answer));
    }

    [Fact]
    public async Task Configuration_of_answers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/status");
        request.Headers.Add("Origin", "https://node.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var answer = await node.Rig.Client(node.Tokens[All]).SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, header =>
            header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)
            || header.Key is "Server" or "X-Powered-By");
        Assert.Equal(
            ("nosniff", "DENY", "default-src 'none'; frame-ancestors 'none'", "no-store"),
            (One("X-Content-Type-Options"), One("X-Frame-Options"), One("Content-Security-Policy"),
                One("Cache-Control")));

        string One(string name) => Assert.Single(answer.Headers.GetValues(name));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.None)]
    public async Task Configuration_of_TLS(SslProtocols protocol)
    {
        using var handler = node.Rig.Handler();
        handler.SslOptions.EnabledSslProtocols = protocol;
        using var old = new HttpClient(handler);
        var address = protocol == SslProtocols.None
            ? $"http://127.0.0.1:{node.Rig.Address.Port}/healthz"
            : $"{node.Rig.Address}healthz";
        await Assert.ThrowsAsync<HttpRequestException>(() => old.GetAsync(address));
    }

    [Theory]
    [InlineData("tokens", UnixFileMode.GroupRead, "tokens-unusable")]
    [InlineData("tokens", UnixFileMode.OtherWrite, "tokens-unusable")]
    [InlineData("key", UnixFileMode.OtherRead, "tls-unusable")]
    public async Task Configuration_of_files(string which, UnixFileMode wider, string code)
    {
        var folder = Directory.CreateTempSubdirectory("gossip-owasp-").FullName;
        try
        {
            var http = GuardedNode.Settings(folder);
            var path = which == "key" ? http.CertificateKey! : http.Tokens!;
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | wider);
                var refusal = await Assert.ThrowsAsync<CommandException>(
                    () => ApiRig.StartAsync(http));
                Assert.Equal(code, refusal.Code);
                Assert.Contains($"chmod 600 {path}", refusal.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// 9, inventory: a stranger is not told what there is; nothing is left from elsewhere.
    /// </summary>
    [Theory]
    [InlineData(null, "/nothing", 401, "token-needed")]
    [InlineData(null, "/", 401, "token-needed")]
    [InlineData("read", "/swagger/v1/swagger.json", 404, "route-unknown")]
    [InlineData("read", "/openapi/v1.json", 404, "route-unknown")]
    [InlineData("read", "/debug", 404, "route-unknown")]
    [InlineData("read", "/v0/status", 404, "route-unknown")]
    [InlineData("read", "/.env", 404, "route-unknown")]
    public Task Inventory(string? token, string path, int status, string code) =>
        RefusedAsync(token, "GET", path, status, code);

    private async Task RefusedAsync(
        string? token, string method, string path, int status, string code, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path.Replace(
            "{entry}", new string('0', 64), StringComparison.Ordinal));
        request.Content = body is null
            ? null
            : new StringContent(body, null, PublishBody.BatchType);
        var client = node.Rig.Client(token is null ? null : node.Tokens[token]);
        using var answer = await client.SendAsync(request);
        Assert.Equal((status, code), await ApiRig.ReadAsync(answer));
    }
}
