using System.Net;
using System.Net.Sockets;
using System.Text;
using Gossip.Host.Api;
using Gossip.Tests.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gossip.Host.Tests.Api;

/// <summary>Whom does the web server hear of, and when?</summary>
public sealed class FrontDoorTests
{
    private const string Whole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHo", "st: x\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1234", "56789")]
    public async Task Who_has_not_asked_yet_is_heard_once_he_has(string begun, string rest)
    {
        await using var door = Open(new());
        using var slow = await ConnectAsync(door, begun);
        using var quick = await ConnectAsync(door, Whole);
        await using var first = await AcceptAsync(door);
        Assert.Equal(PortOf(quick.LocalEndPoint), PortOf(first.RemoteEndPoint));

        await slow.SendAsync(Encoding.ASCII.GetBytes(rest));
        await using var second = await AcceptAsync(door);
        Assert.Equal(PortOf(slow.LocalEndPoint), PortOf(second.RemoteEndPoint));
        var read = await second.Transport.Input.ReadAtLeastAsync((begun + rest).Length);
        Assert.Equal(begun + rest, Encoding.ASCII.GetString(read.Buffer));
    }

    /// <summary>As the web server tells it; a head and a body have each their time.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHo", 100, 60_000)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1234", 60_000, 100)]
    public async Task Who_takes_too_long_is_told(string begun, int head, int body)
    {
        var settings = new ApiSettings
        {
            HeadTimeout = TimeSpan.FromMilliseconds(head),
            RateGrace = TimeSpan.FromMilliseconds(body),
        };
        var (refusals, places) = (new ApiRefusals(), new Connections(settings, new()));
        await using var door = Open(settings, places, refusals);
        using var slow = await ConnectAsync(door, begun);
        using var reader = new StreamReader(new NetworkStream(slow));
        var said = await reader.ReadToEndAsync().WaitAsync(GossipProcess.Deadline);
        Assert.StartsWith("HTTP/1.1 408 ", said, StringComparison.Ordinal);
        Assert.Equal(1, refusals.Of(ApiLimit.Slow));
        await Cluster.UntilAsync(
            () => Task.FromResult(places.Count == 0), () => $"{places.Count} are open");
    }

    [Fact]
    public async Task A_place_is_given_back_when_its_connection_is_closed()
    {
        var places = new Connections(new(), new());
        await using var door = Open(new(), places);
        var caller = await ConnectAsync(door, Whole);
        await using var connection = await AcceptAsync(door);
        Assert.Equal(1, places.Count);
        caller.Dispose();
        while (!(await connection.Transport.Input.ReadAsync()).IsCompleted)
        {
            connection.Transport.Input.AdvanceTo(default, default);
        }

        await Cluster.UntilAsync(
            () => Task.FromResult(places.Count == 0), () => $"{places.Count} are open");
    }

    [Fact]
    public async Task A_closed_door_lets_nobody_wait()
    {
        var door = Open(new());
        using var waits = await ConnectAsync(door, "GET");
        using var ready = await ConnectAsync(door, Whole);
        await (await AcceptAsync(door)).DisposeAsync();
        await door.DisposeAsync();
        Assert.Null(await door.AcceptAsync());
        Assert.Equal(0, await ReceiveAsync(waits).WaitAsync(GossipProcess.Deadline));
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(door.EndPoint, Whole));
    }

    /// <summary>None, too, when it was closed with something unread.</summary>
    private static async Task<int> ReceiveAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static int PortOf(EndPoint? endPoint) => ((IPEndPoint)endPoint!).Port;

    private static FrontDoor Open(
        ApiSettings settings, Connections? places = null, ApiRefusals? refusals = null) =>
        FrontDoor.Open(
            new IPEndPoint(IPAddress.Loopback, 0),
            new SocketConnectionContextFactory(new(), NullLogger.Instance),
            settings,
            places ?? new(settings, new()),
            refusals ?? new(),
            TimeProvider.System);

    private static async Task<ConnectionContext> AcceptAsync(FrontDoor door) =>
        (await door.AcceptAsync().AsTask().WaitAsync(GossipProcess.Deadline))!;

    private static Task<Socket> ConnectAsync(FrontDoor door, string begun) =>
        ConnectAsync(door.EndPoint, begun);

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, string begun)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        await socket.SendAsync(Encoding.ASCII.GetBytes(begun));
        return socket;
    }
}
