using System.Net;
using System.Net.Sockets;
using System.Text;
using Gossip.Tests.Nodes;

namespace Gossip.Akka.Tests.Nodes;

/// <summary>
/// Can a peer end a node on Akka.NET by what it does below the protocol? Akka.Remote ends its own
/// system when a TLS handshake fails that it began.
/// </summary>
[Trait("Row", "G9")]
public sealed class StayUpTests
{
    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task An_address_that_breaks_off_the_handshake_does_not_end_the_node(string said)
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var met = 0;
        var meeting = MeetAsync(stranger, said, () => Interlocked.Increment(ref met));
        await using var cluster = OnAkka.NewCluster();
        var node = await cluster.StartAsync(
            "a", o => o with { Bootstrap = [stranger.LocalEndpoint.ToString()!] });
        await Cluster.UntilAsync(
            () => Task.FromResult(Volatile.Read(ref met) >= 3), () => $"met {met} times");

        await Cluster.PublishAsync(node, "still here");
        Assert.Empty(node.Status().NotReady);
        var other = await cluster.StartAsync("b", null, node);
        await Cluster.ConvergeAsync(1, node, other);
        stranger.Stop();
        await meeting;
    }

    /// <summary>Whoever knocks at the door without speaking its language.</summary>
    [Fact]
    public async Task Noise_at_its_own_port_does_not_end_the_node()
    {
        await using var cluster = OnAkka.NewCluster();
        var node = await cluster.StartAsync("a", null);
        var address = IPEndPoint.Parse(node.Address!);
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
        }

        var other = await cluster.StartAsync("b", null, node);
        await Cluster.PublishAsync(node, "still here");
        await Cluster.ConvergeAsync(1, node, other);
    }

    private static async Task MeetAsync(TcpListener stranger, string said, Action count)
    {
        try
        {
            while (true)
            {
                using var client = await stranger.AcceptTcpClientAsync();
                count();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(said));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The listener is closed.
        }
    }
}
