using Gossip.Actors.Protocol;

namespace Gossip.Actors.Storage;

/// <summary>
/// What does a <see cref="MemoryTopic{T}"/> ask of an entry that is held, wherever its bytes lie?
/// </summary>
internal interface IHeld<out T>
{
    EntryId Id { get; }

    EntryId Prev { get; }

    long Seq { get; }

    long Time { get; }

    /// <inheritdoc cref="Entry.PayloadCount"/>
    int PayloadCount { get; }

    /// <inheritdoc cref="Entry.Size"/>
    int Size { get; }

    /// <summary>What stands where its payloads stood; null while they stand there.</summary>
    Erasure? Erasure { get; }

    /// <summary>As it stands once they are taken back.</summary>
    T Erased(Erasure by);
}

/// <summary>Its bytes are here.</summary>
internal readonly record struct HeldEntry(Entry Entry) : IHeld<HeldEntry>
{
    public EntryId Id => Entry.Id;

    public EntryId Prev => Entry.Header.Prev;

    public long Seq => Entry.Header.Seq;

    public long Time => Entry.Header.Time;

    public int PayloadCount => Entry.PayloadCount;

    public int Size => Entry.Size;

    public Erasure? Erasure => Erasure.Of(Entry);

    public HeldEntry Erased(Erasure by) => new(Entry with { PayloadList = by.ToForm() });
}
