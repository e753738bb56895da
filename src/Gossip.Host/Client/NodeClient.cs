using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>Asks a running node through its HTTP API.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient _http;

    public NodeClient(string address)
        : this(new NodeDoor(address))
    {
    }

    public NodeClient(NodeDoor door)
    {
        Address = door.Uri;

        // No overall timeout: a stream lasts, and a publish waits for room. Connecting is quick.
        _http = new(door.Handler())
        {
            BaseAddress = Address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (door.Token is { } token)
        {
            // As it is: a token that is none is the node's to refuse, not to be shown in an error.
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }
    }

    public Uri Address { get; }

    public static string Path(string topic, string rest = "") =>
        topic is "." or ".."
            ? throw CommandException.Usage($"Topic '{topic}' cannot be named in a URL.")
            : $"/topics/{Uri.EscapeDataString(topic)}{rest}";

    public Task<byte[]> GetAsync(string path, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, path, null, stop);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) =>
        Parse(await GetAsync(path, stop), type);

    public Task<T> PostAsync<T>(
        string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, path, content, type, stop);

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type,
        CancellationToken stop) =>
        Parse(await SendAsync(method, path, content, stop), type);

    /// <summary>
    /// Not without the scope admin: then the topic is carried already, or what follows says that
    /// it is not; and the node alone knows how large a payload may be.
    /// </summary>
    public async Task<JoinShape> JoinIfMayAsync(string topic, CancellationToken stop)
    {
        try
        {
            return await JoinAsync(topic, stop);
        }
        catch (CommandException e) when (e.Code == "scope-missing")
        {
            return new(topic, false, Limits.PayloadListBytesMax);
        }
    }

    public Task<JoinShape> JoinAsync(string topic, CancellationToken stop) =>
        PostAsync(Path(topic, "/join"), null, ApiJson.Shared.JoinShape, stop);

    public Task<ReceiptsShape> PublishAsync(
        string topic, ReadOnlyMemory<byte> body, string? type, CancellationToken stop) =>
        PublishAsync(topic, body, type, PublishTerms.None, stop);

    /// <exception cref="AcksMissingException">Fewer peers than asked for hold it.</exception>
    public Task<ReceiptsShape> PublishAsync(
        string topic, ReadOnlyMemory<byte> body, string? type, PublishTerms terms,
        CancellationToken stop)
    {
        var content = new ReadOnlyMemoryContent(body);
        if (type is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return PostAsync(
            Path(topic, $"/entries{terms}"), content, ApiJson.Shared.ReceiptsShape, stop);
    }

    /// <summary>Any status; the caller reads the body and disposes.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // A connection that is reset as soon as it is made comes as a bare SocketException.
            throw Unreachable(e);
        }
    }

    public void Dispose() => _http.Dispose();

    public CommandException Unreachable(Exception e) =>
        e.InnerException is AuthenticationException doubt ? Doubtful(doubt) : new(
        ExitCode.Unreachable, "unreachable",
        $"No answer from a node at {Address.GetLeftPart(UriPartial.Authority)} ({e.Message}); "
        + "start one with: gossip seed, or name its API with --api, --data or GOSSIP_API.",
        e);

    /// <summary>Nothing was said there yet: not even who asks.</summary>
    private CommandException Doubtful(AuthenticationException e) => new(
        ExitCode.Refused, "certificate-refused",
        $"{Address.GetLeftPart(UriPartial.Authority)} did not prove to be the node ({e.Message}) "
        + "Name the node's certificate, or its issuer's, as its owner gave it to you: --ca FILE.",
        e);

    public static CommandException Refused(int status, ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ApiJson.Shared.ErrorShape)
                is { Error: not null, Message: not null } error)
            {
                return error.Error == AcksMissingException.MissingCode
                    ? new AcksMissingException(
                        JsonSerializer.Deserialize(body, ApiJson.Shared.AcksMissingShape)!)
                    : new CommandException(
                        ErrorCodes.ExitCodeOf(status), error.Error, error.Message);
            }
        }
        catch (JsonException)
        {
            // Not one of our nodes, then: the status is all there is to say.
        }

        return new(ExitCode.Refused, "refused",
            $"HTTP status {status} without a reason; is this address a gossip node's API?");
    }

    private async Task<byte[]> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await OpenAsync(request, stop);
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            return response.IsSuccessStatusCode
                ? body
                : throw Refused((int)response.StatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(e);
        }
    }

    private static T Parse<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type)
                ?? throw Refused(200, []);
        }
        catch (JsonException e)
        {
            throw CommandException.Failed("answer-unknown",
                $"The answer is not what this version expects ({e.Message}); compare versions.");
        }
    }
}
