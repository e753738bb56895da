using System.Net.ServerSentEvents;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Commands;

namespace Gossip.Host.Client;

/// <summary>
/// Prints a topic's payloads once each, in the node's order; a cut stream resumes after the last
/// one printed.
/// </summary>
internal sealed class Tail(
    Func<NodeClient> connect, string topic, Terminal terminal, long count, TimeProvider time)
{
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(5);

    private Cursor _last;
    private long _printed;

    public async Task RunAsync(Cursor? from, bool follows, CancellationToken stop)
    {
        using (var node = connect())
        {
            await JoinAsync(node, stop);
            _last = from ?? Cursor.AfterEntry((await node.GetAsync(
                NodeClient.Path(topic), ApiJson.Shared.TopicShape, stop)).Position);
            if (!follows)
            {
                await ReadToEndAsync(node, stop);
                return;
            }
        }

        await FollowAsync(stop);
    }

    private async Task JoinAsync(NodeClient node, CancellationToken stop)
    {
        if ((await node.JoinAsync(topic, stop)).Joined)
        {
            terminal.Note($"joined topic '{topic}', which this node did not carry before");
        }
    }

    private async Task ReadToEndAsync(NodeClient node, CancellationToken stop)
    {
        while (_printed < count)
        {
            // Entry by entry from after a half-read one: Covers leaves out what was printed.
            var page = await node.GetAsync(
                NodeClient.Path(topic, $"/entries?after={_last.After}&limit=1000"),
                ApiJson.Shared.PageShape, stop);
            if (page.Entries.Length == 0)
            {
                return;
            }

            foreach (var entry in page.Entries)
            {
                Print(entry);
            }

            _last = Cursor.AfterEntry(Math.Max(page.Next, _last.Position));
        }
    }

    private void Print(EntryShape entry)
    {
        for (var index = 0; index < entry.Payloads.Length && _printed < count; index++)
        {
            var payload = entry.Payloads[index];
            if (!_last.Covers(entry.Position!.Value, index))
            {
                Print(new StreamShape(
                    entry.Position.Value, index, entry.Id, entry.Author, entry.Log, entry.Seq,
                    entry.Time, payload.Data, payload.Base64, payload.Headers));
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var retry = RetryMin;
        while (_printed < count)
        {
            var before = _printed;
            try
            {
                using var node = connect();
                await StreamAsync(node, stop);
                if (_printed == count)
                {
                    return;
                }

                terminal.Note($"the node ended the stream; resuming after {_last}");
            }
            catch (CommandException e) when (e.ExitCode == ExitCode.Unreachable
                || e.Code is "stopped")
            {
                if (retry == RetryMin)
                {
                    terminal.Note($"no answer from the node; resuming after {_last}");
                }
            }

            retry = _printed > before ? RetryMin : retry;
            await Task.Delay(retry, time, stop);
            retry = TimeSpan.FromTicks(Math.Min(2 * retry.Ticks, RetryMax.Ticks));
        }
    }

    private async Task StreamAsync(NodeClient node, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, NodeClient.Path(topic, "/stream"));
        request.Headers.Add("Last-Event-ID", _last.ToString());
        using var response = await node.OpenAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            throw NodeClient.Refused(
                (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop));
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            var events = SseParser.Create(body, static (_, data) =>
                JsonSerializer.Deserialize(data, ApiJson.Shared.StreamShape));
            await foreach (var item in events.EnumerateAsync(stop))
            {
                Print(item.Data!);
                if (_printed == count)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw node.Unreachable(e);
        }
    }

    private void Print(StreamShape payload)
    {
        terminal.Print(terminal.IsJson
            ? JsonSerializer.Serialize(payload, ApiJson.Shared.StreamShape)
            : payload.Data is { } text ? Terminal.Visible(text) : payload.Base64!);
        _last = new(payload.Position, payload.Index);
        _printed++;
    }
}
