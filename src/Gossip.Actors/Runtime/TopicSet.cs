using System.Collections.Concurrent;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Runtime;

/// <summary>Which topics does this node carry, and who may read each?</summary>
internal sealed class TopicSet
{
    private readonly ConcurrentDictionary<TopicId, Signal.TopicCarried> _topics = new();
    private readonly ConcurrentDictionary<TopicName, TopicId> _ids = new();
    private readonly ConcurrentDictionary<TopicId, Lazy<Task>> _carried = new();

    public IEnumerable<TopicRef> All => _topics.Values
        .Select(t => new TopicRef(t.Topic, t.Name))
        .OrderBy(t => t.Name.Value, StringComparer.Ordinal);

    /// <summary>
    /// Carries it, once; whoever joins it meanwhile waits until it is carried. Is it new here?
    /// </summary>
    public async Task<bool> AddAsync(TopicRef topic, Func<Task> carry)
    {
        var (id, name) = topic;
        _ids[name] = id;
        var isNew = _topics.TryAdd(id, new(id, name));
        await _carried.GetOrAdd(id, _ => new(carry)).Value.ConfigureAwait(false);
        return isNew;
    }

    /// <summary>What its machine says now: whoever comes later is introduced to that.</summary>
    public void Note(Signal.TopicCarried carried) => _topics[carried.Topic] = carried;

    public TopicName NameOf(TopicId id) => _topics[id].Name;

    public TopicRef? Find(TopicName name) =>
        _ids.TryGetValue(name, out var id) ? new(id, name) : null;

    /// <summary>Without hashing the name: every publish asks.</summary>
    /// <exception cref="GossipException">topic-unknown.</exception>
    public TopicId IdOf(TopicName name) => _ids.TryGetValue(name, out var known)
        ? known
        : throw new GossipException(
            "topic-unknown",
            $"This node does not carry topic '{name}': join it first (JoinAsync, --topic, or "
            + $"gossip topics join {name}).");

    /// <summary>
    /// Whoever keeps books on topics must know them before it hears facts about them.
    /// </summary>
    public void Introduce(Actor actor)
    {
        if (actor.Id is not (MachineId.ClockLedger or MachineId.Session or MachineId.Retention))
        {
            return;
        }

        foreach (var carried in _topics.Values)
        {
            actor.TryTell(carried);
        }
    }
}
