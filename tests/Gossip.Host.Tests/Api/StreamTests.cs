using System.Net.ServerSentEvents;
using System.Text;
using Gossip.Host.Api;

namespace Gossip.Host.Tests.Api;

public sealed class StreamTests
{
    [Fact]
    public void Each_payload_is_one_event_whose_id_is_its_cursor()
    {
        var entry = Samples.Delivered(7, "first", "second\nline", "");

        var events = Parse(StreamRoute.Events(entry, Cursor.Start));

        Assert.Equal(["7.0", "7.1", "7.2"], events.Select(item => item.EventId));
        Assert.All(events, item => Assert.Equal("payload", item.EventType));
        Assert.Contains("\"data\":\"second\\nline\"", events[1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_stream_resumes_inside_an_entry()
    {
        var entry = Samples.Delivered(7, "first", "second", "third");
        Assert.True(Cursor.TryParse("7.1", out var after));

        var events = Parse(StreamRoute.Events(entry, after.Value));

        Assert.Equal("7.2", Assert.Single(events).EventId);
    }

    private static List<SseItem<string>> Parse(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return [.. SseParser.Create(stream).Enumerate()];
    }
}
