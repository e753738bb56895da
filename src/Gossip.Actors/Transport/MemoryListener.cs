using System.Threading.Channels;

namespace Gossip.Actors.Transport;

/// <summary>Who was dialled up at this address of a <see cref="MemoryNetwork"/>?</summary>
internal sealed class MemoryListener : IListener
{
    private readonly MemoryNetwork _network;
    private readonly MemoryTransport _transport;
    private readonly Channel<IConnection> _ready;

    public MemoryListener(
        MemoryNetwork network,
        MemoryTransport transport,
        Address wanted,
        int waitingMax)
    {
        (_network, _transport) = (network, transport);
        _ready = Channel.CreateBounded<IConnection>(waitingMax);
        Address = network.Listen(wanted, this).ToString();
    }

    public string Address { get; }

    public string Home => _transport.Home;

    public async Task<IConnection> AcceptAsync(CancellationToken stop)
    {
        try
        {
            return await _ready.Reader.ReadAsync(stop).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException($"The listener at {Address} is closed.", e);
        }
    }

    /// <summary>The dialler's end of a new connection.</summary>
    /// <exception cref="TransportException">Too many wait, or it just closed.</exception>
    public Carrier Connect(MemoryTransport dialer)
    {
        var link = new MemoryLink(_network, dialer.Home, Home);
        if (!_ready.Writer.TryWrite(_transport.Connection(link.AtListener(dialer.Self))))
        {
            link.Break("refused");
            throw new TransportException($"{Address} takes no more connections for now.");
        }

        return link.AtDialer(_transport.Self, Address);
    }

    public async ValueTask DisposeAsync()
    {
        _network.Unlisten(Address);
        _ready.Writer.TryComplete();
        while (_ready.Reader.TryRead(out var unclaimed))
        {
            await unclaimed.DisposeAsync().ConfigureAwait(false);
        }
    }
}
