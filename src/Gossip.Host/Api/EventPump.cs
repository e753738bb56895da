namespace Gossip.Host.Api;

/// <summary>
/// Server-sent events for as long as the reader stays: each item as it comes, and a comment when
/// nothing comes, so that nobody on the way gives the connection up.
/// </summary>
internal sealed class EventPump(TimeProvider time, CancellationToken stopping)
{
    // Proxies and clients give a silent connection up after 30 s or more.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Ends with the source, with the reader, or with this node. The first comment goes out once
    /// the source has been asked: what happens after it is not missed.
    /// </summary>
    public async Task RunAsync<T>(
        HttpContext context, string comment, Func<CancellationToken, IAsyncEnumerable<T>> source,
        Func<T, string> write)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await PumpAsync(context, comment, source(ended.Token), write, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left, or this node stops.
        }
    }

    private async Task PumpAsync<T>(
        HttpContext context, string comment, IAsyncEnumerable<T> items, Func<T, string> write,
        CancellationToken stop)
    {
        await using var source = items.GetAsyncEnumerator(stop);
        var next = source.MoveNextAsync().AsTask();
        try
        {
            await WriteAsync(context, $": {comment}\n\n", stop);
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

                await WriteAsync(context, write(source.Current), stop);
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

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken stop)
    {
        await context.Response.WriteAsync(text, stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
