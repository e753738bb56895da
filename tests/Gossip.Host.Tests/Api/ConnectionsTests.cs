using System.Net;
using System.Net.Sockets;
using System.Text;
using Gossip.Host.Api;
using Gossip.Tests.Nodes;

namespace Gossip.Host.Tests.Api;

/// <summary>Do many who only connect keep an honest caller out?</summary>
public sealed class ConnectionsTests
{
    /// <summary>
    /// Ten times as many as there are places, each with half a head, or half a body, all held open.
    /// </summary>
    [Theory]
    [InlineData("GET /status HT")]
    [InlineData("POST /topics/news/entries HTTP/1.1\r\nHost: localhost\r\n"
        + "Content-Length: 99\r\n\r\nx")]
    public async Task Slow_strangers_give_way_to_whoever_asks(string begun)
    {
        await using var rig = await ApiRig.StartAsync(new() { WaitingMax = 50 });
        var slow = new List<Socket>();
        for (var i = 0; i < 500; i++)
        {
            slow.Add(await rig.ConnectAsync());
            await slow[^1].SendAsync(Encoding.ASCII.GetBytes(begun));
        }

        for (var i = 0; i < 20; i++)
        {
            using var honest = rig.Client();
            Assert.Equal(HttpStatusCode.OK, (await honest.GetAsync("/status")).StatusCode);
        }

        await Cluster.UntilAsync(
            async () => await rig.RejectedAsync("connections-waiting") >= 450,
            () => "few gave way");
        slow.ForEach(socket => socket.Dispose());
    }

    /// <summary>
    /// A stream lasts: new ones must not cut it off, and are told that there is no room.
    /// </summary>
    [Fact]
    public async Task Who_was_let_in_stays()
    {
        await using var rig = await ApiRig.StartAsync(new() { OpenMax = 1 });
        using var stays = rig.Client();
        Assert.Equal(HttpStatusCode.OK, (await stays.GetAsync("/status")).StatusCode);
        using var comes = rig.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => comes.GetAsync("/status"));
        Assert.Contains("\"api.rejected.connections\":1,", await stays.GetStringAsync("/status"),
            StringComparison.Ordinal);
    }

    /// <summary>With tokens an answer about health is no right: it does not hold a place.</summary>
    [Fact]
    public async Task Who_only_asks_whether_it_lives_is_a_stranger()
    {
        var folder = Directory.CreateTempSubdirectory("gossip-api-tests-");
        try
        {
            var (path, tokens) = ApiRig.Tokens(folder.FullName);
            await using var rig = await ApiRig.StartAsync(new() { OpenMax = 1, Tokens = path });
            using var stranger = rig.Client();
            Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/healthz")).StatusCode);
            Assert.Equal(1, await rig.RejectedAsync("connections-idle", tokens["read"]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("192.0.2.1", 3)]
    [InlineData("2001:db8::1", 3)]
    [InlineData("127.0.0.1", 5)]
    [InlineData("::1", 5)]
    public void One_address_takes_no_more_than_its_share(string address, int expected)
    {
        var refusals = new ApiRefusals();
        var connections = new Connections(new() { OpenPerAddressMax = 3 }, refusals);
        var open = Enumerable.Range(0, 5)
            .Select(_ => connections.Enter(IPAddress.Parse(address), Stays))
            .OfType<Connections.Open>()
            .ToArray();

        Assert.Equal((expected, expected), (open.Length, connections.Count));
        Assert.Equal(5 - expected, refusals.Of(ApiLimit.ConnectionsPerAddress));
        foreach (var one in open)
        {
            one.Leave();
            one.Leave();
        }

        Assert.Equal(0, connections.Count);
        Assert.NotNull(connections.Enter(IPAddress.Parse(address), Stays));
    }

    [Fact]
    public void The_oldest_that_has_asked_nothing_gives_way_to_who_comes()
    {
        var (refusals, gone) = (new ApiRefusals(), new List<string>());
        var connections = new Connections(new() { WaitingMax = 2 }, refusals);
        Assert.True(connections.Enter(null, Stays)!.TryAsk(Stays));
        var first = connections.Enter(null, () => gone.Add("first"))!;
        var second = connections.Enter(null, () => gone.Add("second"))!;
        Assert.Empty(gone);

        connections.Enter(null, Stays);
        Assert.Equal(["first"], gone);
        Assert.False(first.TryAsk(Stays));
        Assert.True(second.TryAsk(Stays));
        Assert.Equal((3, 1), (connections.Count, refusals.Of(ApiLimit.ConnectionsWaiting)));
    }

    [Fact]
    public void The_oldest_that_was_allowed_nothing_gives_way_to_who_asks()
    {
        var (refusals, gone) = (new ApiRefusals(), new List<string>());
        var connections = new Connections(new() { OpenMax = 2 }, refusals);
        var allowed = connections.Enter(null, Stays)!;
        var stranger = connections.Enter(null, Stays)!;
        Assert.True(allowed.TryAsk(Stays));
        Assert.True(stranger.TryAsk(() => gone.Add("stranger")));
        allowed.Trust();
        var comes = connections.Enter(null, Stays)!;
        Assert.Empty(gone);

        Assert.True(comes.TryAsk(Stays));
        Assert.Equal(["stranger"], gone);
        comes.Trust();
        Assert.False(connections.Enter(null, Stays)!.TryAsk(Stays));
        Assert.Equal(
            (1, 1), (refusals.Of(ApiLimit.ConnectionsIdle), refusals.Of(ApiLimit.Connections)));
    }

    /// <summary>Half a head, and then nothing: the web server ends it, and it is counted.</summary>
    [Fact]
    public async Task A_head_that_does_not_end_is_cut_off()
    {
        await using var rig = await ApiRig.StartAsync(
            new() { HeadTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.Contains("408", await rig.RawAsync("GET /status HT"), StringComparison.Ordinal);
        await Cluster.UntilAsync(
            async () => await rig.RejectedAsync("slow") == 1, () => "not counted");
    }

    private static void Stays() => Assert.Fail("It was sent away.");
}
