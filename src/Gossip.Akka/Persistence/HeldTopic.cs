using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// What does the store keep of one topic while it runs? The entries, as its actor recovered them,
/// its readers, and the lines to the actors that journal both.
/// </summary>
internal sealed class HeldTopic(TopicRef topic, string place)
{
    private MemoryTopic? _current;
    private bool _isCarried;

    public TopicRef Topic => topic;

    public string Place => place;

    public MemoryReaders Readers { get; } = new();

    public required Line Commits { get; init; }

    public required Line ReaderFacts { get; init; }

    /// <summary>
    /// An empty one for an actor to fill; the generations and readers of its predecessor live on.
    /// </summary>
    public MemoryTopic Renew() => new(topic.Id, topic.Name)
    {
        Generation = _current?.Generation ?? 0,
        Readers = Readers,
    };

    /// <summary>Recovered; it is served once the node carries the topic.</summary>
    public void Take(MemoryTopic recovered, MemoryStore memory)
    {
        _current = recovered;
        if (_isCarried)
        {
            memory.Adopt(topic, recovered);
        }
    }

    /// <summary>From now on reads see it.</summary>
    public void Carry(MemoryStore memory)
    {
        _isCarried = true;
        memory.Adopt(topic, _current!);
    }

    /// <summary>What their table recovered, in place of what was known.</summary>
    public void RestoreReaders(IEnumerable<Proto.Fact> facts, MemoryStore memory) =>
        memory.Locked(() =>
        {
            Readers.Clear();
            foreach (var fact in facts)
            {
                Readers.Write(FactFormat.Read(fact.Reader));
            }

            return true;
        });

    /// <summary>What a crash left of a topic that was made here, but not yet carried.</summary>
    public bool Holds(Batch first) => first.Entries.All(e => _current!.Find(e.Id) is not null);
}
