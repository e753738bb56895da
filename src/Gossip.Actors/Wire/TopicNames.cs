using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>
/// Which topic does a token on this link name? Made from both hellos' nonces. It knows only the
/// topics it was taught, which are those this node carries: their number bounds it.
/// </summary>
public sealed class TopicNames(Nonce own, Nonce peer)
{
    private readonly Dictionary<TopicId, TopicToken> _tokens = [];
    private readonly Dictionary<TopicToken, TopicId> _topics = [];

    /// <summary>The peer's messages about this topic are understood.</summary>
    public bool Knows(TopicId topic) => _tokens.ContainsKey(topic);

    /// <summary>From now on the peer's messages about this topic are understood.</summary>
    public void Learn(TopicId topic) => TokenOf(topic);

    /// <summary>From now on they are not: it is as if this node had never carried it.</summary>
    public void Forget(TopicId topic)
    {
        if (_tokens.Remove(topic, out var token))
        {
            _topics.Remove(token);
        }
    }

    public TopicToken TokenOf(TopicId topic)
    {
        if (!_tokens.TryGetValue(topic, out var token))
        {
            token = TopicToken.Of(own, peer, topic);
            _tokens.Add(topic, token);
            _topics.Add(token, topic);
        }

        return token;
    }

    public bool TryResolve(TopicToken token, out TopicId topic) =>
        _topics.TryGetValue(token, out topic);
}
