using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Which entries need not be read from the journal? Those of the events that were committed or
/// read last, up to so many bytes: what was just committed is what is announced, served and
/// delivered next, and an event that is read page by page is read once.
/// </summary>
internal sealed class RecentEvents(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<Event>> _events = [];

    /// <summary>The next to go comes first.</summary>
    private readonly LinkedList<Event> _byUse = [];

    private long _bytes;
    private long _erasures;

    /// <summary>How much of entries it holds now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Asked before an event is read: what is erased meanwhile is not kept.</summary>
    public long Erasures => Interlocked.Read(ref _erasures);

    public ImmutableArray<Entry>? Find(string journal, long number)
    {
        lock (_gate)
        {
            if (!_events.TryGetValue(new(journal, number), out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Entries;
        }
    }

    public void Keep(string journal, long number, ImmutableArray<Entry> entries, long erasures)
    {
        var key = new Key(journal, number);
        lock (_gate)
        {
            if (erasures == _erasures && !_events.ContainsKey(key))
            {
                var kept = new Event(key, entries, entries.Sum(e => (long)e.Size));
                _events.Add(key, _byUse.AddLast(kept));
                _bytes += kept.Bytes;
            }

            while (_bytes > bytesMax && _byUse.First is { } oldest)
            {
                Remove(oldest);
            }
        }
    }

    /// <summary>Before payloads of it are erased: no copy of them may outlive them here.</summary>
    public void Forget(string journal, long number)
    {
        lock (_gate)
        {
            _erasures++;
            if (_events.TryGetValue(new(journal, number), out var node))
            {
                Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Event> node)
    {
        _events.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }

    private readonly record struct Key(string Journal, long Number);

    private sealed record Event(Key Key, ImmutableArray<Entry> Entries, long Bytes);
}
