using System.Text;
using System.Text.Json;
using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Host.Api;

/// <summary>
/// Server-sent events: every payload after a cursor, then what comes, each once. The id of an event
/// is its cursor, so a stream that was cut resumes without loss and without a duplicate.
/// </summary>
internal sealed class StreamRoute(GossipNode node, TimeProvider time, CancellationToken stopping)
{
    // Proxies and clients give a silent connection up after 30 s or more.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/topics/{name}/stream", StreamAsync);

    private async Task StreamAsync(HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, stopping);
        var name = Query.Topic(context);
        var topic = await TopicRoutes.TopicAsync(node, name, ended.Token);
        string? asked = context.Request.Headers["Last-Event-ID"];
        asked ??= context.Request.Query["after"];
        var after = asked == "now"
            ? Cursor.AfterEntry(topic.Position)
            : Query.After(asked) ?? Cursor.Start;

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, $": from {after}\n\n", ended.Token);
        try
        {
            await PumpAsync(context, node.SubscribeAsync(name, after.After, ended.Token), after,
                ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left, or this node stops: the reader resumes at its last id.
        }
    }

    private async Task PumpAsync(
        HttpContext context, IAsyncEnumerable<DeliveredEntry> entries, Cursor after,
        CancellationToken stop)
    {
        await using var source = entries.GetAsyncEnumerator(stop);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using var waited = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var silence = Task.Delay(KeepAlive, time, waited.Token);
                if (await Task.WhenAny(next, silence) == silence)
                {
                    await WriteAsync(context, ": still here\n\n", stop);
                    continue;
                }

                await waited.CancelAsync();
                if (!await next)
                {
                    return;
                }

                await WriteAsync(context, Events(source.Current, after), stop);
                next = source.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An iterator must not be disposed while it moves; its token has ended it.
            await next.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    internal static string Events(DeliveredEntry entry, Cursor after)
    {
        var events = new StringBuilder();
        foreach (var payload in Shaping.Payloads(entry))
        {
            if (!after.Covers(payload.Position, payload.Index))
            {
                events
                    .Append("id: ").Append(new Cursor(payload.Position, payload.Index))
                    .Append("\nevent: payload\ndata: ")
                    .Append(JsonSerializer.Serialize(payload, ApiJson.Shared.StreamShape))
                    .Append("\n\n");
            }
        }

        return events.ToString();
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken stop)
    {
        await context.Response.WriteAsync(text, stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
