using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>Reads one of the API's streams, item by item.</summary>
internal static class ServerEvents
{
    /// <summary>
    /// From right after a cursor, where there is one; ends when the node ends it.
    /// </summary>
    /// <exception cref="CommandException">Refused, or the connection was lost.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        this NodeClient node, string path, string? after, JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        using var response = await node.OpenAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            throw NodeClient.Refused(
                (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop));
        }

        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var parser = SseParser.Create(body, (_, data) => JsonSerializer.Deserialize(data, type));
        await using var items = parser.EnumerateAsync(stop).GetAsyncEnumerator(stop);
        while (await MoveNextAsync(node, items))
        {
            yield return items.Current.Data!;
        }
    }

    private static async ValueTask<bool> MoveNextAsync<T>(
        NodeClient node, IAsyncEnumerator<SseItem<T>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw node.Unreachable(e);
        }
    }
}
