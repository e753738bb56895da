using System.Net.Sockets;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Gossip.Host.Commands;
using Gossip.Tests;

namespace Gossip.Host.Tests.Node;

/// <summary>Whom does a stream reader delay that never reads?</summary>
public sealed class SlowReaderTests : IDisposable
{
    // Far more than the sockets between a node and its reader take.
    private const int Payloads = 100;
    private const int PayloadBytes = 200_000;

    private readonly string _data =
        Directory.CreateTempSubdirectory("gossip-host-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    [Row("F4")]
    public async Task A_stream_that_nobody_reads_holds_up_neither_gossip_nor_other_readers()
    {
        using var node = await StartAsync("a");
        using var peer = await StartAsync("b", "--bootstrap", node.Listen);
        using var idle = await ConnectAsync(node, "0");

        var (code, _, error) = await GossipProcess.RunAsync(
            string.Concat(Enumerable.Range(0, Payloads).Select(i => $"{Text(i)}\n")),
            ["publish", "news", "--acks", "1", "--acks-timeout", "60s", "--api", node.Api]);
        Assert.True(code == ExitCode.Done, error);
        foreach (var reader in new[] { node, peer })
        {
            var (_, lines, _) = await GossipProcess.RunAsync(
                "tail", "news", "--from", "0", "--count", $"{Payloads}", "--api", reader.Api);
            Assert.Equal(Enumerable.Range(0, Payloads).Select(Text), lines.TrimEnd().Split('\n'));
        }

        // Whoever did not read for so long may be cut off, and misses nothing when it resumes.
        var texts = new List<string>();
        var last = await ReadAsync(idle, "0", texts);
        while (texts.Count < Payloads)
        {
            using var again = await ConnectAsync(node, last);
            last = await ReadAsync(again, last, texts);
        }

        Assert.Equal(Enumerable.Range(0, Payloads).Select(Text), texts);
    }

    private static string Text(int i) => $"{i} {new string('x', PayloadBytes)}";

    private static async Task<Socket> ConnectAsync(GossipProcess node, string last)
    {
        var api = new Uri(node.Api);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(api.Host, api.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /topics/news/stream HTTP/1.0\r\nHost: {api.Authority}\r\n"
            + $"Last-Event-ID: {last}\r\n\r\n"));
        return socket;
    }

    /// <summary>Until it has all, or is cut off; the id of the last event.</summary>
    private static async Task<string> ReadAsync(
        Socket socket, string last, List<string> texts)
    {
        using var deadline = new CancellationTokenSource(
            GossipProcess.Deadline, TimeProvider.System);
        await using var stream = new NetworkStream(socket);

        // The response's own headers are fields that server-sent events do not know.
        var parser = SseParser.Create(stream);
        try
        {
            await foreach (var item in parser.EnumerateAsync(deadline.Token))
            {
                using var payload = JsonDocument.Parse(item.Data);
                texts.Add(payload.RootElement.GetProperty("data").GetString()!);
                last = parser.LastEventId;
                if (texts.Count == Payloads)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // The web server gave up a reader that takes nothing.
        }

        return last;
    }

    private Task<GossipProcess> StartAsync(string name, params string[] more) =>
        GossipProcess.StartNodeAsync(
            Path.Combine(_data, name), ["--topic", "news", .. more]);
}
