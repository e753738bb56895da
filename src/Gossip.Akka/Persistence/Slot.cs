using Gossip.Actors.Protocol;
using Gossip.Actors.Storage;

namespace Gossip.Akka.Persistence;

/// <summary>
/// Where in the journal do an entry's bytes lie, and what must be known without reading them? It
/// takes some two hundred bytes of memory, however large the entry is.
/// </summary>
internal sealed record Slot : IHeld<Slot>
{
    private readonly int _headerBytes;

    public Slot(Entry entry, long number, int index)
    {
        (Id, Prev, Seq) = (entry.Id, entry.Header.Prev, entry.Header.Seq);
        (Time, PayloadCount, Size) = (entry.Header.Time, entry.PayloadCount, entry.Size);
        (Event, Index, Erasure) = (number, index, Erasure.Of(entry));
        _headerBytes = entry.Size - entry.PayloadList.Length;
    }

    public EntryId Id { get; }

    public EntryId Prev { get; }

    public long Seq { get; }

    public long Time { get; }

    public int PayloadCount { get; private init; }

    public int Size { get; private init; }

    public Erasure? Erasure { get; private init; }

    /// <summary>The sequence number of the event, in its topic's journal.</summary>
    public long Event { get; }

    /// <summary>Among the entries of the event.</summary>
    public int Index { get; }

    /// <summary>False once nothing stands where its payloads stood, or if it never had any.
    /// </summary>
    public bool HasPayloads => Size > _headerBytes;

    public Slot Erased(Erasure by) => this with
    {
        PayloadCount = 0,
        Size = _headerBytes + Erasure.FormBytes,
        Erasure = by,
    };
}
