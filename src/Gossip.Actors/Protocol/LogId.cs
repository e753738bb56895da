using System.Buffers.Binary;

namespace Gossip.Actors.Protocol;

/// <summary>The policy entry that invited an author; none in a public topic.</summary>
public readonly record struct Admission(long Seq, EntryId Id) : IComparable<Admission>
{
    public static readonly Admission None;

    public int CompareTo(Admission other) => (Seq, Id).CompareTo((other.Seq, other.Id));
}

/// <summary>
/// Which log: one author's incarnation in one topic under one admission. A node that lost, copied
/// or restored its store takes a new incarnation instead of re-using sequence numbers.
/// </summary>
public sealed record LogId(Did Author, ulong Incarnation, Admission Admission) : IComparable<LogId>
{
    public const int Bytes = Did.KeyBytes + 8 + 8 + Hash.Bytes;

    // Aside, because most logs have none: a log is in every row, want and clock component.
    private readonly Invited? _invited = Invited.Under(Admission);

    public Admission Admission
    {
        get => _invited?.Admission ?? Admission.None;
        init => _invited = Invited.Under(value);
    }

    /// <summary>Logs are keys everywhere: most comparisons end with the author.</summary>
    public int CompareTo(LogId? other)
    {
        if (other is null || ReferenceEquals(this, other))
        {
            return other is null ? 1 : 0;
        }

        var order = Author.CompareTo(other.Author);
        order = order != 0 ? order : Incarnation.CompareTo(other.Incarnation);
        return order != 0 ? order : Admission.CompareTo(other.Admission);
    }

    /// <summary>One spelling, for hashing.</summary>
    public void Write(Span<byte> bytes)
    {
        Author.Key.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[Did.KeyBytes..], Incarnation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(Did.KeyBytes + 8)..], Admission.Seq);
        Admission.Id.Hash.Write(bytes[(Did.KeyBytes + 16)..]);
    }

    /// <summary>For people: the end of the author's DID and the incarnation.</summary>
    public override string ToString() => $"{Author.Tail}/{Incarnation:x16}";

    private sealed record Invited(Admission Admission)
    {
        public static Invited? Under(Admission admission) =>
            admission == Admission.None ? null : new(admission);
    }
}

/// <summary>An entry's slot.</summary>
public readonly record struct Dot(LogId Log, long Seq)
{
    /// <summary>2^53: every seq is exact in JSON and in a double.</summary>
    public const long SeqMax = 1L << 53;

    public override string ToString() => $"{Log}#{Seq}";
}
