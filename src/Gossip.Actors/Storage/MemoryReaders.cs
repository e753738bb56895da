namespace Gossip.Actors.Storage;

/// <summary>What does a <see cref="MemoryStore"/> hold of one topic's readers?</summary>
internal sealed class MemoryReaders
{
    private readonly SortedDictionary<(ReaderKind Kind, string Name), ReaderRecord> _readers =
        new(Comparer<(ReaderKind Kind, string Name)>.Create((one, other) =>
            one.Kind != other.Kind
                ? one.Kind.CompareTo(other.Kind)
                : string.CompareOrdinal(one.Name, other.Name)));

    public IEnumerable<ReaderRecord> Of(ReaderKind kind) =>
        _readers.Values.Where(r => r.Kind == kind);

    public void Write(ReaderRecord reader) => _readers[(reader.Kind, reader.Name)] = reader with
    {
        Snapshot = reader.Snapshot is { } bytes ? bytes.ToArray() : (ReadOnlyMemory<byte>?)null,
    };

    public void Remove(ReaderKind kind, string name) => _readers.Remove((kind, name));

    public void Clear() => _readers.Clear();
}
