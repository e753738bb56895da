using System.Net.Http.Headers;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>
/// A named subscription as its reader sees it: the node is told what has been written out, and what
/// it was not told comes again.
/// </summary>
internal sealed class Bookmark(string topic, string name)
{
    private readonly string _path = Path(topic, name);
    private long _written;
    private long _acknowledged;

    /// <summary>Positions written out, and not acknowledged yet.</summary>
    public long Behind => _written - _acknowledged;

    /// <summary>A subscription that is new begins before the first entry.</summary>
    public async Task<Cursor> OpenAsync(NodeClient node, CancellationToken stop) =>
        Take(await PutAsync(node, _path, null, stop));

    public async Task<Cursor> MoveAsync(NodeClient node, long position, CancellationToken stop) =>
        Take(await PutAsync(node, _path, position, stop));

    /// <summary>Every payload of the entry there has been written out.</summary>
    public void Write(long position) => _written = position;

    /// <summary>
    /// Nothing is acknowledged that went into a pipe without a reader: it would be lost.
    /// </summary>
    public async Task AcknowledgeAsync(NodeClient node, CancellationToken stop)
    {
        var position = _written;
        if (Behind > 0 && !OutputPipe.IsClosed)
        {
            await PutAsync(node, _path, position, stop);
            _acknowledged = position;
        }
    }

    /// <summary>Without a position: only looks, and makes it where there is none.</summary>
    public static Task<SubscriptionShape> PutAsync(
        NodeClient node, string path, long? position, CancellationToken stop)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new SubscriptionRequestShape(position), ApiJson.Shared.SubscriptionRequestShape));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return node.SendAsync(
            HttpMethod.Put, path, content, ApiJson.Shared.SubscriptionShape, stop);
    }

    public static string Path(string topic, string name) => name is "." or ".." or ""
        ? throw CommandException.Usage($"Subscription '{name}' cannot be named in a URL.")
        : NodeClient.Path(topic, $"/subscriptions/{Uri.EscapeDataString(name)}");

    private Cursor Take(SubscriptionShape subscription)
    {
        _written = _acknowledged = subscription.Position;
        return Cursor.AfterEntry(subscription.Position);
    }
}
