using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What does the store keep of one topic while it runs? What its actor recovered and holds, its
/// readers, and the lines to the actors that journal both.
/// </summary>
internal sealed class HeldTopic(TopicRef topic)
{
    private readonly Lock _gate = new();
    private MemoryTopic<Slot> _current = new(topic.Id, topic.Name);

    public TopicRef Topic => topic;

    /// <summary>The persistence id of its commits.</summary>
    public string Journal { get; } = $"topic-{topic.Id}";

    /// <summary>Once the node does, reads see it.</summary>
    public bool IsCarried { get; private set; }

    public MemoryReaders Readers { get; } = new();

    public required Line Commits { get; init; }

    public required Line ReaderFacts { get; init; }

    /// <summary>
    /// An empty one for an actor to fill; the generations and readers of its predecessor live on.
    /// </summary>
    public MemoryTopic<Slot> Renew() =>
        new(topic.Id, topic.Name, _current.Generation) { Readers = Readers };

    /// <summary>Recovered: it takes the place of its predecessor.</summary>
    public void Take(MemoryTopic<Slot> recovered) => Locked(_ => _current = recovered);

    public void Carry() => Locked(_ => IsCarried = true);

    /// <summary>One after the other: reads come from anywhere, changes from the actors.</summary>
    public T Locked<T>(Func<MemoryTopic<Slot>, T> work)
    {
        lock (_gate)
        {
            return work(_current);
        }
    }

    /// <summary>What their table recovered, in place of what was known.</summary>
    public void RestoreReaders(IEnumerable<Proto.Fact> facts) => Locked(_ =>
    {
        Readers.Clear();
        foreach (var fact in facts)
        {
            Readers.Write(FactFormat.Read(fact.Reader));
        }

        return true;
    });

    /// <summary>What a crash left of a topic that was made here, but not yet carried.</summary>
    public bool Holds(Batch first) =>
        Locked(held => first.Entries.All(e => held.TryFind(e.Id, out _)));
}
