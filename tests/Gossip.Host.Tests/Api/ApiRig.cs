using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Api;

/// <summary>A node in memory that carries one topic, and its API on a real socket.</summary>
internal sealed class ApiRig : IAsyncDisposable
{
    private readonly GossipNode _node;
    private readonly List<HttpClient> _clients = [];

    private readonly string? _certificate;

    private ApiRig(GossipNode node, ApiServer server, string? certificate) =>
        (_node, Server, _certificate) = (node, server, certificate);

    public ApiServer Server { get; }

    public Uri Address => new(Server.Address);

    public static async Task<ApiRig> StartAsync(ApiSettings http, string address = "127.0.0.1:0")
    {
        var options = new GossipOptions
        {
            Network = "test",
            Listen = null,
            Topics = [new TopicName("news")],
        };
        var node = await GossipNode.StartAsync(
            options, NullLoggerFactory.Instance, TimeProvider.System, default);
        try
        {
            var server = await ApiServer.StartAsync(
                node,
                new(options, ApiAddress.Parse(address, out _)!) { Http = http },
                NullLoggerFactory.Instance, TimeProvider.System, default);
            return new(node, server, http.Certificate);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that sends this token, if any, and pins the certificate.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(Handler()) { BaseAddress = Address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Bearer", token);
        }

        _clients.Add(client);
        return client;
    }

    public SocketsHttpHandler Handler() =>
        new NodeDoor(Server.Address, null, _certificate).Handler();

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        return socket;
    }

    /// <summary>What a raw request is answered with, to the end.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().WaitAsync(GossipProcess.Deadline);
    }

    /// <summary>How often a limit was met, as <c>gossip status</c> says it.</summary>
    public async Task<long> RejectedAsync(string limit, string? token = null)
    {
        // Whoever asks and stays connected holds a place: this one must not.
        using var client = Client(token);
        using var status = JsonDocument.Parse(await client.GetStringAsync("/status"));
        return status.RootElement.GetProperty("counters").GetProperty($"api.rejected.{limit}")
            .GetInt64();
    }

    /// <summary>The status, and the code of the error.</summary>
    public static async Task<(int Status, string Code)> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text.Length > 0 ? text : "{}");
        return ((int)response.StatusCode,
            json.RootElement.TryGetProperty("error", out var code) ? code.GetString()! : "");
    }

    /// <summary>
    /// A file of tokens with one of each scope; gives the tokens by their scopes.
    /// </summary>
    public static (string Path, Dictionary<string, string> Tokens) Tokens(string folder)
    {
        var file = new TokenFile(Path.Combine(folder, "api.tokens"));
        var tokens = new Dictionary<string, string>();
        foreach (var scopes in new[] { "read", "publish", "admin", "read,publish,admin" })
        {
            tokens[scopes] = AccessToken.Draw();
            file.Add(new(scopes.Replace(',', '-'), Scopes.Parse(scopes)!.Value,
                AccessToken.HashOf(tokens[scopes])));
        }

        return (file.Path, tokens);
    }

    /// <summary>
    /// For one name and no address: whoever pins it asks at 127.0.0.1 all the same.
    /// </summary>
    public static (string Certificate, string Key) Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gossip", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("node.example");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var paths = (Path.Combine(folder, "api.crt"), Path.Combine(folder, "api.key"));
        File.WriteAllText(paths.Item1, certificate.ExportCertificatePem());
        PrivateFile.Write(paths.Item2, key.ExportPkcs8PrivateKeyPem(), replaces: true);
        return paths;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Server.BeginStopAsync();
        await Server.DisposeAsync();
        await _node.DisposeAsync();
    }
}
