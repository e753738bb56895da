namespace Gossip.Actors.Protocol;

/// <summary>
/// Which entries wait for a policy that would admit them? A few, for a moment: what is dropped here
/// comes again with anti-entropy. Whoever sends most makes room first, so nobody crowds out others.
/// </summary>
internal sealed class HeldBack
{
    /// <summary>Bytes; a newly invited author's first entries, and no stranger's backlog.</summary>
    public const int BytesMax = 2 * Limits.EntryBytesMax;

    private readonly SortedDictionary<Link, Queue<Entry>> _waiting = [];
    private readonly SortedDictionary<Link, int> _bytes = [];

    /// <summary>The oldest of whoever has most make room.</summary>
    public void Add(Link link, Entry entry)
    {
        if (_waiting.TryAdd(link, []))
        {
            _bytes[link] = 0;
        }

        _waiting[link].Enqueue(entry);
        _bytes[link] += entry.Size;
        while (_bytes.Values.Sum() > BytesMax)
        {
            var most = _bytes.MaxBy(b => b.Value).Key;
            _bytes[most] -= _waiting[most].Dequeue().Size;
        }
    }

    /// <summary>By link, in the order in which they came.</summary>
    public (Link Link, Entry Entry)[] TakeAll()
    {
        (Link, Entry)[] all = [.. _waiting.SelectMany(w => w.Value.Select(e => (w.Key, e)))];
        _waiting.Clear();
        _bytes.Clear();
        return all;
    }
}
