using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>Where does a tail begin? After a cursor; without one: only what comes.</summary>
internal sealed record TailStart(Cursor? After);

/// <summary>
/// Prints a topic's payloads once each, in the node's order; a cut stream resumes after the last
/// one printed. With a bookmark the node remembers how far it got, entry by entry: so it ends
/// between two entries only.
/// </summary>
internal sealed class Tail(
    Func<NodeClient> connect, string topic, Bookmark? bookmark, Terminal terminal, long count,
    TimeProvider time)
{
    /// <summary>Acknowledged when nothing else is to do, and after so many positions.</summary>
    private const int BehindMax = 1000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private Cursor _last;
    private long _printed;
    private bool _isInsideEntry;

    private bool IsDone => _printed >= count && (bookmark is null || !_isInsideEntry);

    /// <summary>Without a start: where the bookmark is, else before the first.</summary>
    public async Task RunAsync(TailStart? start, bool follows, CancellationToken stop)
    {
        using (var node = connect())
        {
            await JoinAsync(node, stop);
            _last = await StartAsync(node, start, stop);
            if (!follows)
            {
                await ReadToEndAsync(node, stop);
                return;
            }
        }

        try
        {
            await new Following(terminal, time).RunAsync(
                StreamAsync, () => _printed, () => $"resuming after {_last}", stop);
        }
        finally
        {
            await AcknowledgeLastAsync();
        }
    }

    private async Task JoinAsync(NodeClient node, CancellationToken stop)
    {
        if ((await node.JoinIfMayAsync(topic, stop)).Joined)
        {
            terminal.Note($"joined topic '{topic}', which this node did not carry before");
        }
    }

    private async Task<Cursor> StartAsync(
        NodeClient node, TailStart? start, CancellationToken stop)
    {
        if (start is null)
        {
            return bookmark is null ? Cursor.Start : await bookmark.OpenAsync(node, stop);
        }

        var after = start.After ?? Cursor.AfterEntry((await node.GetAsync(
            NodeClient.Path(topic), ApiJson.Shared.TopicShape, stop)).Position);
        return bookmark is null ? after : await bookmark.MoveAsync(node, after.After, stop);
    }

    private async Task ReadToEndAsync(NodeClient node, CancellationToken stop)
    {
        while (!IsDone)
        {
            // Entry by entry from after a half-read one: Covers leaves out what was printed.
            var page = await node.GetAsync(
                NodeClient.Path(topic, $"/entries?after={_last.After}&limit=1000"),
                ApiJson.Shared.PageShape, stop);
            if (page.Entries.Length == 0)
            {
                return;
            }

            foreach (var item in page.Entries.SelectMany(Shaping.Stream).TakeWhile(_ => !IsDone))
            {
                if (!_last.Covers(item.Position, item.Index))
                {
                    Take(item);
                }
            }

            await AcknowledgeAsync(node, stop);
            if (!_isInsideEntry)
            {
                _last = Cursor.AfterEntry(Math.Max(page.Next, _last.Position));
            }
        }
    }

    private async Task<bool> StreamAsync(CancellationToken stop)
    {
        using var node = connect();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var items = node.ReadAsync(
            NodeClient.Path(topic, "/stream"), _last.ToString(), ApiJson.Shared.StreamShape,
            ended.Token).GetAsyncEnumerator(ended.Token);
        var next = Task.FromResult(true);
        try
        {
            while (!IsDone)
            {
                next = items.MoveNextAsync().AsTask();
                if (!next.IsCompleted || bookmark?.Behind > BehindMax)
                {
                    await AcknowledgeAsync(node, stop);
                }

                if (!await next)
                {
                    return false;
                }

                Take(items.Current);
            }

            return true;
        }
        finally
        {
            // An iterator must not be disposed while it moves.
            await ended.CancelAsync();
            await next.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    private void Take(StreamShape item)
    {
        if (item.Of > 0)
        {
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(item, ApiJson.Shared.StreamShape)
                : item.Data is { } text ? Terminal.Visible(text) : item.Base64!);
            _printed++;
        }

        _last = new(item.Position, item.Index);
        _isInsideEntry = item.Index + 1 < item.Of;
        if (!_isInsideEntry)
        {
            _last = Cursor.AfterEntry(item.Position);
            bookmark?.Write(item.Position);
        }
    }

    private Task AcknowledgeAsync(NodeClient node, CancellationToken stop) =>
        bookmark?.AcknowledgeAsync(node, stop) ?? Task.CompletedTask;

    private async Task AcknowledgeLastAsync()
    {
        if (bookmark is null or { Behind: 0 })
        {
            return;
        }

        try
        {
            using var late = new CancellationTokenSource(Grace, time);
            using var node = connect();
            await AcknowledgeAsync(node, late.Token);
        }
        catch (Exception e) when (e is CommandException or OperationCanceledException)
        {
            terminal.Note($"the last {bookmark.Behind} positions could not be acknowledged: they "
                + $"come again ({e.Message})");
        }
    }
}
