using Gossip.Actors;
using Gossip.Actors.Runtime;
using Gossip.Actors.Transport;

namespace Gossip.Tests.Transport;

public sealed class MemoryTransportTests : TransportContract
{
    private readonly MemoryNetwork _network = new();

    protected override string Free => "node:0";

    protected override ITransport Transport(EcKeys keys, GossipTimes? times = null) =>
        new MemoryTransport(
            _network, keys == One ? "one" : "other", keys.Self, times ?? Times, Sizes,
            TimeProvider.System);

    [Fact]
    public async Task A_cut_breaks_what_is_connected_and_refuses_dials_until_it_is_healed()
    {
        await using var link = await LinkAsync();
        var waiting = link.Accepted.ReceiveAsync(Stop).AsTask();

        _network.Cut("other", "one");

        await Assert.ThrowsAsync<TransportException>(() => waiting);
        await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.ReceiveAsync(Stop));
        await Assert.ThrowsAsync<TransportException>(
            async () => await link.Dialer.SendAsync(Frames(1), Stop));
        var refusal = await Assert.ThrowsAsync<TransportException>(
            () => Transport(One).DialAsync(link.Listener.Address, Stop));
        Assert.Contains("cut", refusal.Message, StringComparison.Ordinal);

        _network.Heal("one", "other");
        await using var again = await Transport(One).DialAsync(link.Listener.Address, Stop);
    }

    [Fact]
    public async Task A_cut_between_others_changes_nothing()
    {
        await using var link = await LinkAsync();

        _network.Cut("one", "third");

        await link.Dialer.SendAsync(Frames(5), Stop);
        await ExpectAsync(link.Accepted, Frames(5));
    }
}
