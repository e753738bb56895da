using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Which topics does this node carry?</summary>
internal sealed class TopicSet
{
    private readonly ConcurrentDictionary<TopicId, TopicName> _names = new();
    private readonly ConcurrentDictionary<TopicName, TopicId> _ids = new();

    public IEnumerable<KeyValuePair<TopicId, TopicName>> All =>
        _names.OrderBy(t => t.Value.Value, StringComparer.Ordinal);

    public bool Add(TopicName name)
    {
        var id = TopicId.OfPublic(name);
        _ids[name] = id;
        return _names.TryAdd(id, name);
    }

    /// <summary>Without hashing the name: every publish asks.</summary>
    public bool TryFind(TopicName name, [NotNullWhen(true)] out TopicId? id)
    {
        id = _ids.TryGetValue(name, out var known) ? known : null;
        return id is not null;
    }

    /// <exception cref="GossipException">topic-unknown.</exception>
    public TopicId IdOf(TopicName name) => TryFind(name, out var id)
        ? id.Value
        : throw new GossipException(
            "topic-unknown",
            $"This node does not carry topic '{name}': join it first (JoinAsync, --topic, or "
            + $"gossip topics join {name}).");

    /// <summary>
    /// A new ledger or session must know the topics before it hears facts about them.
    /// </summary>
    public void Introduce(Actor actor)
    {
        if (actor.Id is not (MachineId.ClockLedger or MachineId.Session))
        {
            return;
        }

        foreach (var (id, name) in _names)
        {
            actor.Mailbox.TryTell(new Signal.TopicCarried(id, name));
        }
    }
}
