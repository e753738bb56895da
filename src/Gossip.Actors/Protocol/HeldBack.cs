namespace Gossip.Actors.Protocol;

/// <summary>
/// Which entries wait for a policy that would admit them? A few, for a moment: what is dropped here
/// comes again with anti-entropy.
/// </summary>
internal sealed class HeldBack
{
    /// <summary>Bytes; a newly invited author's first entries, and no stranger's backlog.</summary>
    public const int BytesMax = 2 * Limits.EntryBytesMax;

    private readonly Queue<(Link Link, Entry Entry)> _waiting = [];
    private int _bytes;

    /// <summary>The oldest make room.</summary>
    public void Add(Link link, Entry entry)
    {
        _waiting.Enqueue((link, entry));
        _bytes += entry.Size;
        while (_bytes > BytesMax)
        {
            _bytes -= _waiting.Dequeue().Entry.Size;
        }
    }

    public (Link Link, Entry Entry)[] TakeAll()
    {
        (Link, Entry)[] all = [.. _waiting];
        _waiting.Clear();
        _bytes = 0;
        return all;
    }
}
