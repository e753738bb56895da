using System.Net.Security;
using System.Net.Sockets;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Tests.Nodes;

namespace Gossip.Tests.Hostile;

/// <summary>What can somebody do who does not even frame, answer, or read?</summary>
[Collection(MeasuresMemory.Name)]
public sealed class RawSocketTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(600);

    [Fact]
    [Row("C7")]
    public async Task A_length_of_four_gigabytes_ends_the_link_before_anything_is_allocated()
    {
        await using var siege = await Siege.BeginAsync();
        await using var tls = await HandshakeAsync(siege.Target);
        var before = GC.GetTotalMemory(false);
        await tls.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff, 1, 2, 3 });
        await EndAsync(tls);
        Assert.InRange(GC.GetTotalMemory(false) - before, long.MinValue, 64 << 20);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_frame_that_never_ends_ends_the_link_with_the_socket()
    {
        await using var siege = await Siege.BeginAsync();
        var tls = await HandshakeAsync(siege.Target);
        await tls.WriteAsync(new byte[] { 0, 0, 1, 0, 1, 2, 3 });
        await tls.DisposeAsync();
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C6")]
    public async Task Whoever_never_says_hello_is_sent_away_at_the_handshake_timeout()
    {
        await using var siege = await Siege.BeginAsync(
            o => o with { Times = o.Times with { HandshakeTimeout = Short } });
        await using var peer = await HostilePeer.ConnectAsync(siege.Target);
        peer.Listen();
        Assert.Equal(GoodbyeCode.TooSlow, await peer.EndAsync());
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C6")]
    public async Task Whoever_never_shakes_hands_holds_no_place_for_long()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { HandshakeTimeout = Short },
            Sizes = o.Sizes with { HandshakesMax = 4 },
        });
        var sockets = new List<TcpClient>();
        var colon = siege.Target.Address!.LastIndexOf(':');
        for (var i = 0; i < 12; i++)
        {
            sockets.Add(new("127.0.0.1", int.Parse(
                siege.Target.Address[(colon + 1)..],
                System.Globalization.CultureInfo.InvariantCulture)));
        }

        await using var honest = await HostilePeer.MeetAsync(siege.Target);
        await siege.GoesOnAsync();
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    [Row("C6")]
    public async Task Silence_ends_the_link_after_the_pings_went_unanswered()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { PingInterval = Short / 3, IdleTimeout = Short * 5 },
        });
        await using var peer = await HostilePeer.MeetAsync(siege.Target);
        await peer.HearAsync<GossipMessage.Ping>();
        await peer.EndAsync();
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C6")]
    [Row("F4")]
    public async Task A_peer_that_reads_nothing_costs_bounded_memory_and_delays_nobody()
    {
        const int Megabytes = 50;
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { WriteTimeout = TimeSpan.FromSeconds(2) },
        });
        await using var deaf = await DeafAsync(siege.Target);
        await Cluster.UntilAsync(
            () => Task.FromResult(siege.Target.Status().PeersConnected == 2), () => "two peers");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var payload = new Payload(new byte[256 * 1024]);
        EntryId last = default;
        for (var i = 0; i < Megabytes; i++)
        {
            last = (await siege.Target.PublishAsync(
                Cluster.Topic, [payload, payload, payload], CancellationToken.None))[0].Entry;
        }

        await Siege.HoldsAsync(siege.Honest, last);
        await Cluster.UntilAsync(
            () => Task.FromResult(siege.Target.Status().PeersConnected == 1), () => "one peer");
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.InRange(after - before, long.MinValue, 48 << 20);
        await siege.GoesOnAsync();
    }

    [Fact]
    public async Task A_flood_of_pings_whose_answers_nobody_reads_ends_the_link()
    {
        await using var siege = await Siege.BeginAsync(o => o with
        {
            Times = o.Times with { WriteTimeout = TimeSpan.FromSeconds(1) },
            Rates = o.Rates with { PeerFrames = 1 << 20 },
        });
        await using var deaf = await DeafAsync(siege.Target);
        var ping = Actors.Wire.MessageCodec.Encode(new GossipMessage.Ping(7), null);
        var flood = Enumerable.Repeat(ping, 4096).ToArray();
        var sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await deaf.SendAsync(flood);
                }
            }
            catch (TransportException)
            {
                return true;
            }
        });
        await siege.GoesOnAsync();
        Assert.True(await sending.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System));
        await siege.GoesOnAsync();
    }

    [Fact]
    [Row("C3")]
    public async Task A_node_that_is_told_to_dial_itself_notices_under_any_name()
    {
        await using var cluster = new Cluster();
        var probe = await cluster.StartAsync("probe", null);
        var address = probe.Address!;
        var port = address[(address.LastIndexOf(':') + 1)..];
        await cluster.StopAsync(probe);
        var node = await cluster.StartAsync("self", o => o with
        {
            Listen = address,
            Bootstrap = [address, $"localhost:{port}", $"127.0.0.2:{port}", $"[::1]:{port}"],
        });

        await Cluster.UntilAsync(
            () => Task.FromResult(
                node.Status().Counters["refused.self-dialed"] > 0
                && !node.Peers().Any(p => p.Address.StartsWith("local"))),
            () => string.Join("; ", node.Peers()));
        Assert.Equal(0, node.Status().PeersConnected);
        var friend = await cluster.StartAsync("friend", null, node);
        await Cluster.PublishAsync(friend, "hello");
        await Cluster.ConvergeAsync(1, node, friend);
    }

    private static async Task<HostilePeer> DeafAsync(GossipNode node)
    {
        // It hears the hello and names the topic, then stops reading: its socket fills up.
        var peer = await HostilePeer.ConnectAsync(node);
        await peer.GreetAndGoDeafAsync();
        return peer;
    }

    private static async Task<SslStream> HandshakeAsync(GossipNode node)
    {
        var colon = node.Address!.LastIndexOf(':');
        var client = new TcpClient();
        await client.ConnectAsync(node.Address[..colon], int.Parse(
            node.Address[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            Certificates.Client(Certificates.SelfSigned(EcKeys.Generate())));
        return tls;
    }

    private static async Task EndAsync(SslStream tls)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        var scratch = new byte[4096];
        try
        {
            while (await tls.ReadAsync(scratch, late.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: that is an end, too.
        }
    }
}
