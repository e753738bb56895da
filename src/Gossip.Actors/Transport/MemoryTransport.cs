using Gossip.Actors.Protocol;

namespace Gossip.Actors.Transport;

/// <summary>
/// Frames inside one process, for tests and demonstrations: a node's key is taken at its word.
/// Its home is the address that <see cref="MemoryNetwork.Cut"/> knows it by.
/// </summary>
public sealed class MemoryTransport(
    MemoryNetwork network,
    string home,
    Did self,
    GossipTimes times,
    GossipSizes sizes,
    TimeProvider time) : ITransport
{
    public string Home => home;

    public Did Self => self;

    public Task<IListener> ListenAsync(string address, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return Task.FromResult<IListener>(new MemoryListener(
            network, this, Address.Parse(address), sizes.HandshakesMax));
    }

    public Task<IConnection> DialAsync(string address, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var listener = network.Find(home, Address.Parse(address).ToString());
        return Task.FromResult<IConnection>(Connection(listener.Connect(this)));
    }

    internal FramedConnection Connection(Carrier carrier) => new(carrier, times, sizes, time);
}
