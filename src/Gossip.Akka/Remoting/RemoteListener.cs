using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Transport;

namespace Gossip.Akka.Remoting;

/// <summary>Who came in through the door of this actor system?</summary>
internal sealed class RemoteListener : IListener
{
    private readonly LineSettings _settings;
    private readonly Doorkeeper _keeper;
    private readonly Channel<IConnection> _ready;
    private readonly IActorRef _door;

    /// <exception cref="InvalidActorNameException">There is a door already.</exception>
    public RemoteListener(LineSettings settings, string address)
    {
        (_settings, Address) = (settings, address);
        _keeper = new(settings.Sizes);
        _ready = Channel.CreateBounded<IConnection>(settings.Sizes.HandshakesMax);
        var (keeper, receive) = (_keeper, (Func<Carrier, bool>)Receive);
        _door = settings.System.ActorOf(
            Props.Create(() => new Door(settings, keeper, receive))
                .WithMailbox(LineMailbox.OfDoor),
            Door.Name);
    }

    public string Address { get; }

    public ImmutableArray<LimitStatus> Limits => _keeper.Limits;

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

    public async ValueTask DisposeAsync()
    {
        await _door.GracefulStop(_settings.Times.HandshakeTimeout).ConfigureAwait(false);
        _ready.Writer.TryComplete();
        while (_ready.Reader.TryRead(out var unclaimed))
        {
            await unclaimed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool Receive(Carrier carrier) => _ready.Writer.TryWrite(
        new FramedConnection(carrier, _settings.Times, _settings.Sizes, _settings.Time));
}
