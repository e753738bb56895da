using Akka.Actor;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka;

/// <summary>
/// Attaches an ordinary actor to a topic: it is told each <see cref="DeliveredEntry"/> in this
/// node's order of delivery, one after the other, the next when it has answered with
/// <see cref="Ack"/>. So its mailbox holds one entry, however far it is behind; where it stood it
/// keeps itself, as it keeps its state. The feed ends with the actor, and the node.
/// </summary>
public sealed class TopicFeed : ReceiveActor
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<DeliveredEntry> _entries;
    private readonly IActorRef _reader;

    /// <summary>Akka makes it; see <see cref="Attach"/>.</summary>
    public TopicFeed(GossipNode node, TopicName topic, IActorRef reader, long after)
    {
        _reader = reader;
        _entries = node.SubscribeAsync(topic, after, _stop.Token).GetAsyncEnumerator(_stop.Token);
        Receive<DeliveredEntry>(entry => _reader.Tell(entry, Self));
        Receive<Ack>(_ => Next());
        Receive<Ended>(_ => Context.Stop(Self));
        Receive<Status.Failure>(failure => throw failure.Cause);
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    /// <summary>Give me the next entry.</summary>
    public sealed class Ack
    {
        public static readonly Ack Instance = new();

        private Ack()
        {
        }
    }

    /// <summary>Begins after this position; 0 is before the first entry.</summary>
    /// <returns>The feed, which also sends the entries: answer it.</returns>
    public static IActorRef Attach(
        IActorRefFactory actors, GossipNode node, TopicName topic, IActorRef reader, long after) =>
        actors.ActorOf(Props.Create(() => new TopicFeed(node, topic, reader, after)));

    protected override void PreStart()
    {
        Context.Watch(_reader);
        Next();
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>A topic or a store that is not there ends the feed; watchers see that.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop);

    private void Next() => NextAsync().PipeTo(Self);

    private async Task<object> NextAsync() =>
        await _entries.MoveNextAsync().ConfigureAwait(false)
            ? _entries.Current
            : new Ended();

    private sealed class Ended;
}
