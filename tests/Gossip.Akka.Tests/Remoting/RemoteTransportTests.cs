using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;
using Gossip.Akka.Remoting;
using Gossip.Tests.Transport;

namespace Gossip.Akka.Tests.Remoting;

public sealed class RemoteTransportTests : TransportContract, IAsyncLifetime
{
    private readonly RemoteSystems _systems = new();
    private readonly Dictionary<EcKeys, ActorSystem> _perNode = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _systems.DisposeAsync();

    protected override string Free => "127.0.0.1:0";

    protected override ITransport Transport(EcKeys keys, GossipTimes? times = null) =>
        new RemoteTransport(SystemOf(keys), keys, times ?? Times, Sizes, TimeProvider.System);

    [Fact]
    public async Task A_system_that_terminates_ends_its_lines()
    {
        await using var link = await LinkAsync();
        var waiting = link.Dialer.ReceiveAsync(Stop).AsTask();

        await SystemOf(Other).Terminate();

        try
        {
            Assert.Null(await waiting);
        }
        catch (TransportException)
        {
            // The association went before its lines could say that they end.
        }
    }

    [Fact]
    public async Task Both_may_dial_each_other_at_once()
    {
        var (one, other) = (Transport(One), Transport(Other));
        await using var at1 = await one.ListenAsync(Free, Stop);
        await using var at2 = await other.ListenAsync(Free, Stop);

        var dialled = await Task.WhenAll(
            one.DialAsync(at2.Address, Stop), other.DialAsync(at1.Address, Stop));
        var accepted = await Task.WhenAll(at2.AcceptAsync(Stop), at1.AcceptAsync(Stop));

        foreach (var (a, b) in dialled.Zip(accepted))
        {
            await a.SendAsync(Frames(70_000), Stop);
            await ExpectAsync(b, Frames(70_000));
        }

        await Task.WhenAll(dialled.Concat(accepted).Select(c => c.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_node_may_dial_itself()
    {
        var transport = Transport(One);
        await using var listener = await transport.ListenAsync(Free, Stop);

        await using var dialled = await transport.DialAsync(listener.Address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);

        await dialled.SendAsync(Frames(5), Stop);
        await ExpectAsync(accepted, Frames(5));
    }

    [Fact]
    public async Task Dialling_a_port_where_no_system_is_says_so()
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var address = free.LocalEndpoint.ToString()!;
        free.Stop();

        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => Transport(One).DialAsync(address, Stop));

        Assert.Contains("Nobody listens at", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_elsewhere_than_the_system_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => Transport(One).ListenAsync("127.0.0.1:1", Stop));

        Assert.Contains("remoting is at", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("akka.actor.provider = local", "no remoting")]
    [InlineData("akka.remote.dot-netty.tcp.maximum-frame-size = 64000b", "maximum-frame-size")]
    public void A_system_that_does_not_do_is_refused(string setting, string why)
    {
        var system = _systems.Start(setting);

        var refusal = Assert.Throws<TransportException>(
            () => new RemoteTransport(system, One, Times, Sizes, TimeProvider.System));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    private ActorSystem SystemOf(EcKeys keys)
    {
        if (!_perNode.TryGetValue(keys, out var system))
        {
            _perNode[keys] = system = _systems.Start();
        }

        return system;
    }
}
