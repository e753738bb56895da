using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Which topics do this peer and we share? Those that both carry, and that the peer may read as far
/// as we know. A topic that it may not read is answered as one that does not exist here.
/// </summary>
internal sealed class Subscriptions(Link link, int topicsMax)
{
    private readonly SortedDictionary<TopicId, Readers> _carried = [];
    private readonly SortedSet<TopicId> _subscribed = [];
    private readonly HashSet<Hash> _tokens = [];

    /// <summary>Before the hello there is nobody to tell.</summary>
    public void Carry(Signal.TopicCarried carried) => _carried[carried.Topic] = carried.Readers;

    /// <summary>Names every topic that this peer may read.</summary>
    public void Open(Did peer, TopicNames names, Outbox outbox)
    {
        foreach (var topic in _carried.Keys)
        {
            Offer(topic, peer, names, outbox);
        }
    }

    /// <summary>This topic is new here, or its readers changed.</summary>
    public void Offer(TopicId topic, Did peer, TopicNames names, Outbox outbox)
    {
        if (!_carried[topic].Allow(peer))
        {
            Withdraw(topic, peer, names, outbox);
            return;
        }

        if (!names.Knows(topic))
        {
            names.Learn(topic);
            Say(new GossipMessage.Subscribe(names.TokenOf(topic)), names, outbox);
            if (_tokens.Contains(names.TokenOf(topic).Hash))
            {
                _subscribed.Add(topic);
            }
        }

        if (_subscribed.Contains(topic))
        {
            Tell(topic, peer, true, outbox);
        }
    }

    /// <summary>
    /// Tokens we do not recognise are kept: we may carry that topic later, or learn that this peer
    /// may read it. False when it names more than it may.
    /// </summary>
    public bool Hear(TopicToken token, Did peer, TopicNames names, Outbox outbox)
    {
        if (_tokens.Count >= topicsMax && !_tokens.Contains(token.Hash))
        {
            return false;
        }

        _tokens.Add(token.Hash);
        if (names.TryResolve(token, out var topic) && _subscribed.Add(topic))
        {
            Tell(topic, peer, true, outbox);
        }

        return true;
    }

    public void HearEnd(TopicToken token, Did peer, TopicNames names, Outbox outbox)
    {
        _tokens.Remove(token.Hash);
        if (names.TryResolve(token, out var topic) && _subscribed.Remove(topic))
        {
            Tell(topic, peer, false, outbox);
        }
    }

    /// <summary>A sibling was restarted: all that is shared, again.</summary>
    public void Restate(Did peer, Outbox outbox)
    {
        foreach (var topic in _subscribed)
        {
            Tell(topic, peer, true, outbox);
        }
    }

    /// <summary>
    /// What of a message this peer may hear: siblings may have said it before they knew that the
    /// readers of a topic changed. Null for nothing.
    /// </summary>
    public static GossipMessage? Clip(GossipMessage message, TopicNames names) => message switch
    {
        GossipMessage.Announcement(var topic, _, _) when !names.Knows(topic) => null,
        GossipMessage.PullRequest(var topic, _, _) when !names.Knows(topic) => null,
        GossipMessage.PullResponse(var topic, _, _, _, _) when !names.Knows(topic) => null,
        GossipMessage.Heads(var topic, _) when !names.Knows(topic) => null,
        GossipMessage.AntiEntropy step when !step.Topics.All(t => names.Knows(t.Topic)) =>
            step with { Topics = [.. step.Topics.Where(t => names.Knows(t.Topic))] },
        _ => message,
    };

    /// <summary>It may not read this any more: from now on we do not know what it speaks of.
    /// </summary>
    private void Withdraw(TopicId topic, Did peer, TopicNames names, Outbox outbox)
    {
        if (!names.Knows(topic))
        {
            return;
        }

        Say(new GossipMessage.Unsubscribe(names.TokenOf(topic)), names, outbox);
        if (_subscribed.Remove(topic))
        {
            Tell(topic, peer, false, outbox);
        }

        names.Forget(topic);
    }

    private void Say(GossipMessage message, TopicNames names, Outbox outbox) =>
        outbox.Add(new Effect.Transmit(
            link, MessageCodec.Encode(message, names), MessageCodec.ClassOf(message)));

    private void Tell(TopicId topic, Did peer, bool isSubscribed, Outbox outbox) =>
        outbox.Tell(new Signal.Subscribed(link, peer, topic, isSubscribed));
}
