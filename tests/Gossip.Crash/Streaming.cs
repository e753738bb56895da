using System.Net.ServerSentEvents;
using System.Text.Json;
using Gossip.Host.Api;
using Gossip.Host.Client;
using Gossip.Host.Commands;

namespace Gossip.Crash;

/// <summary>How does a reader hang on a node that is killed all the time?</summary>
internal static class Streaming
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads, and begins again when the stream breaks, until the life is over.</summary>
    public static async Task FollowAsync(
        Task before, Life life, Func<Task> read, TimeProvider time)
    {
        await before;
        while (!life.Over.IsCancellationRequested)
        {
            try
            {
                await read();
            }
            catch (Exception e) when (e is IOException or HttpRequestException
                or CommandException or OperationCanceledException)
            {
                // The node was killed, or is about to be: what was read counts.
                await Task.Delay(Pause, time, life.Over)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Every payload after a cursor, for as long as the stream holds.</summary>
    public static async Task ReadAsync(Life life, Cursor after, Func<StreamShape, Task> take)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, NodeClient.Path(CrashSettings.Topic, "/stream"));
        request.Headers.Add("Last-Event-ID", after.ToString());
        using var response = await life.Client.OpenAsync(request, life.Over);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(life.Over);
        var events = SseParser.Create(body, static (_, data) =>
            JsonSerializer.Deserialize(data, ApiJson.Shared.StreamShape));
        await foreach (var item in events.EnumerateAsync(life.Over))
        {
            await take(item.Data!);
        }
    }
}
