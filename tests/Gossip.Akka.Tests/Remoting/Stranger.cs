using System.Threading.Channels;
using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Akka.Remoting;

namespace Gossip.Akka.Tests.Remoting;

/// <summary>
/// What can somebody do who has an actor system of their own, and no manners? Says whatever a test
/// wants, to whom it wants, and remembers what is said to it.
/// </summary>
internal sealed class Stranger
{
    private readonly ActorSystem _system;
    private readonly Channel<(object Message, IActorRef From)> _heard =
        Channel.CreateUnbounded<(object, IActorRef)>();

    public Stranger(ActorSystem system)
    {
        _system = system;
        var heard = _heard.Writer;
        Self = system.ActorOf(Props.Create(() => new Ear(heard)));
    }

    public IActorRef Self { get; }

    /// <summary>An actor of another system by its path, as if somebody had told it.</summary>
    public IActorRef Find(IActorRef there, ActorSystem at) => Resolve(
        there.Path.ToSerializationFormatWithAddress(AddressOf(at)));

    public IActorRef DoorOf(ActorSystem at) => Resolve($"{AddressOf(at)}/user/{Door.Name}");

    public async Task<(T Message, IActorRef From)> HearAsync<T>(CancellationToken stop)
    {
        while (true)
        {
            var (message, from) = await _heard.Reader.ReadAsync(stop);
            if (message is T expected)
            {
                return (expected, from);
            }
        }
    }

    /// <summary>What both ends of a line with this stranger sign.</summary>
    public LineHandshake Handshake(Knock knock, Welcome welcome, IActorRef line) => new(
        knock,
        welcome.Offer,
        LineHandshake.PathOf(Self, _system),
        LineHandshake.PathOf(line, _system));

    public Knock NewKnock(IKeys keys, LineSecret secret) =>
        new LineSettings(_system, keys, new(), new GossipSizes(), TimeProvider.System)
            .NewOffer(secret);

    private static Address AddressOf(ActorSystem system) =>
        ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private IActorRef Resolve(string path) =>
        ((ExtendedActorSystem)_system).Provider.ResolveActorRef(path);

    private sealed class Ear(ChannelWriter<(object, IActorRef)> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.TryWrite((message, Sender));
    }
}
