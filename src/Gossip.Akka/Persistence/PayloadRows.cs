using Gossip.Actors.Protocol;

namespace Gossip.Akka.Persistence;

/// <summary>Which events of a topic hold payloads that were erased since?</summary>
internal sealed class PayloadRows
{
    private readonly Dictionary<EntryId, long> _events = [];
    private readonly SortedSet<long> _erased = [];

    /// <summary>By the sequence number of its event.</summary>
    public void Add(Batch batch, long number)
    {
        foreach (var entry in batch.Entries.Where(e => e.PayloadCount > 0))
        {
            _events.Add(entry.Id, number);
        }

        foreach (var erasure in batch.Erased)
        {
            if (_events.Remove(erasure.Entry, out var holding))
            {
                _erased.Add(holding);
            }
        }
    }

    public IReadOnlyCollection<long> TakeErased()
    {
        long[] numbers = [.. _erased];
        _erased.Clear();
        return numbers;
    }
}
