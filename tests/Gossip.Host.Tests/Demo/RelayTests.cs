using System.Net;
using System.Net.Sockets;
using Gossip.Host.Demo;

namespace Gossip.Host.Tests.Demo;

public sealed class RelayTests
{
    [Fact]
    public async Task A_cut_breaks_what_is_open_and_refuses_what_is_new_until_it_is_healed()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var node = new TcpListener(IPAddress.Loopback, 0);
        node.Start();
        await using var relay = new Relay((IPEndPoint)node.LocalEndpoint);

        using var before = await DialAsync(relay);
        using var accepted = await node.AcceptTcpClientAsync(deadline.Token);
        await before.GetStream().WriteAsync(new byte[] { 42 }, deadline.Token);
        Assert.Equal(42, await ReadAsync(accepted, deadline.Token));

        relay.Cut();
        Assert.Equal(-1, await ReadAsync(before, deadline.Token));
        using var during = await DialAsync(relay);
        Assert.Equal(-1, await ReadAsync(during, deadline.Token));

        relay.Heal();
        using var after = await DialAsync(relay);
        using var again = await node.AcceptTcpClientAsync(deadline.Token);
        await again.GetStream().WriteAsync(new byte[] { 43 }, deadline.Token);
        Assert.Equal(43, await ReadAsync(after, deadline.Token));
    }

    private static async Task<TcpClient> DialAsync(Relay relay)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(relay.Address));
        return client;
    }

    /// <summary>The next byte; -1 when the connection is over, however it ended.</summary>
    private static async Task<int> ReadAsync(TcpClient client, CancellationToken stop)
    {
        var bytes = new byte[1];
        try
        {
            return await client.GetStream().ReadAsync(bytes, stop) == 0 ? -1 : bytes[0];
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
