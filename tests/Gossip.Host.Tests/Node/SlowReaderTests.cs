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
        using var idle = await ConnectAsync(node);

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

        // Whoever did not read for so long gets everything, once, when it does.
        Assert.Equal(Enumerable.Range(0, Payloads).Select(Text), await ReadAsync(idle));
    }

    private static string Text(int i) => $"{i} {new string('x', PayloadBytes)}";

    private static async Task<Socket> ConnectAsync(GossipProcess node)
    {
        var api = new Uri(node.Api);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(api.Host, api.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /topics/news/stream HTTP/1.0\r\nHost: {api.Authority}\r\n\r\n"));
        return socket;
    }

    private static async Task<List<string>> ReadAsync(Socket socket)
    {
        var texts = new List<string>();
        using var deadline = new CancellationTokenSource(
            GossipProcess.Deadline, TimeProvider.System);
        await using var stream = new NetworkStream(socket);
        for (var (tail, one) = ("", new byte[1]); !tail.EndsWith("\r\n\r\n", StringComparison
            .Ordinal); tail = tail[^Math.Min(3, tail.Length)..] + (char)one[0])
        {
            await stream.ReadExactlyAsync(one, deadline.Token);
        }

        var events = SseParser.Create(stream).EnumerateAsync(deadline.Token);
        await foreach (var item in events.WithCancellation(deadline.Token))
        {
            using var payload = JsonDocument.Parse(item.Data);
            texts.Add(payload.RootElement.GetProperty("data").GetString()!);
            if (texts.Count == Payloads)
            {
                break;
            }
        }

        return texts;
    }

    private Task<GossipProcess> StartAsync(string name, params string[] more) =>
        GossipProcess.StartNodeAsync(
            Path.Combine(_data, name), ["--topic", "news", .. more]);
}
