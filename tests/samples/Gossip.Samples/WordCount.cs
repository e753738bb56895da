using System.Text;
using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Samples;

/// <summary>Counts the words of a topic: every entry once, after a restart too.</summary>
public sealed class WordCount(Words words) : TopicActor
{
    public override Task OnEntryAsync(DeliveredEntry entry, CancellationToken stop)
    {
        words.Add(entry.Position, entry.Payloads.Sum(p => Encoding.UTF8.GetString(p.Data.Span)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
        return Task.CompletedTask;
    }
}

/// <summary>What the rest of the application sees of it. A replay says the same again.</summary>
public sealed class Words
{
    private readonly SortedDictionary<long, int> _byPosition = [];

    public int Total
    {
        get
        {
            lock (_byPosition)
            {
                return _byPosition.Values.Sum();
            }
        }
    }

    public void Add(long position, int words)
    {
        lock (_byPosition)
        {
            _byPosition[position] = words;
        }
    }
}
