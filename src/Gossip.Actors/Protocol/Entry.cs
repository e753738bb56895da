using System.Collections.Immutable;

namespace Gossip.Actors.Protocol;

/// <summary>
/// One component of an entry's clock: the author had delivered this log up to this slot, and the
/// entry there had an id that starts so.
/// </summary>
public readonly record struct Dependency(LogId Log, long Seq, UInt128 IdPrefix);

/// <summary>
/// What an author signs. Encoded once, by the author; see <see cref="EntryFormat"/>.
/// </summary>
public sealed record Header
{
    public required string Network { get; init; }

    public required TopicId Topic { get; init; }

    public required LogId Log { get; init; }

    /// <summary>1, 2, 3 … without a hole.</summary>
    public required long Seq { get; init; }

    /// <summary>The id at seq − 1: it chains the log.</summary>
    public required EntryId Prev { get; init; }

    /// <summary>
    /// The components that changed since the author's previous entry; all of them when seq is 1 or
    /// a multiple of <see cref="FullClockEvery"/>.
    /// </summary>
    public required ImmutableArray<Dependency> Clock { get; init; }

    /// <summary>
    /// The author's wall clock in Unix milliseconds: a hint, never a reason to order.
    /// </summary>
    public required long Time { get; init; }

    public required int PayloadCount { get; init; }

    public required int PayloadBytes { get; init; }

    public required Hash PayloadHash { get; init; }

    /// <summary>
    /// The author's last entry in this log, for good: it closes the log after itself, and carries
    /// no payload.
    /// </summary>
    public bool IsEnd { get; init; }

    /// <summary>Of an end: the author's key is replaced by another, which follows it.</summary>
    public Rotation? Rotation { get; init; }

    /// <summary>
    /// An entry of a policy log: its one payload is a <see cref="PolicyChange"/>, for the topic's
    /// machine and not for readers.
    /// </summary>
    public bool IsPolicy { get; init; }

    /// <summary>
    /// Its one payload says which entries are erased, for the topic's machine and not for readers.
    /// </summary>
    public bool Erases { get; init; }

    /// <summary>
    /// The first entry of a topic with an owner. The topic is named by its id, so it cannot name
    /// the topic itself.
    /// </summary>
    public bool IsFounding => IsPolicy && Topic == default && Seq == 1
        && Log.Admission == Admission.None;

    public Dot Dot => new(Log, Seq);

    /// <summary>
    /// A floor lies only where the clock is whole, so a trimmed log can still be read.
    /// </summary>
    public const long FullClockEvery = 1024;
}

/// <summary>
/// A header with its author's signature: enough to prove a fork, or to bisect one.
/// </summary>
public sealed record SignedHeader(
    Header Header,
    EntryId Id,
    ReadOnlyMemory<byte> HeaderBytes,
    ReadOnlyMemory<byte> Signature)
{
    public const int SignatureBytes = 64;

    /// <summary>The topic it was written to.</summary>
    public TopicId Topic => Header.IsFounding ? new(Id.Hash) : Header.Topic;

    /// <summary>
    /// With bytes of its own: what is kept for long keeps no received frame alive.
    /// </summary>
    public SignedHeader Detached() => this with
    {
        HeaderBytes = HeaderBytes.ToArray(),
        Signature = Signature.ToArray(),
    };

    public bool Equals(SignedHeader? other) => other is not null && Id == other.Id;

    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>
/// One signed, immutable item of a log: header and payload list, as the author wrote them.
/// </summary>
public sealed record Entry(SignedHeader SignedHeader, ReadOnlyMemory<byte> PayloadList)
{
    public EntryId Id => SignedHeader.Id;

    public Header Header => SignedHeader.Header;

    public Dot Dot => SignedHeader.Header.Dot;

    /// <summary>
    /// Its author, or the topic's owner, took the payloads back; a signed statement stands there.
    /// </summary>
    public bool IsErased => Erasure.IsForm(PayloadList.Span);

    /// <summary>What its author published with it, for readers; decoded at each call.</summary>
    public ImmutableArray<Payload> Payloads =>
        PayloadCount == 0 ? [] : EntryFormat.DecodePayloads(PayloadList);

    /// <summary>How many payloads a reader gets.</summary>
    public int PayloadCount => IsErased || Header.Erases ? 0 : Header.PayloadCount;

    /// <summary>Bytes as stored and sent.</summary>
    public int Size =>
        SignedHeader.HeaderBytes.Length + SignedHeader.SignatureBytes + PayloadList.Length;

    public bool Equals(Entry? other) => other is not null && Id == other.Id;

    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>
/// The bytes a user published, with optional headers (content type, trace context).
/// </summary>
public sealed record Payload(
    ReadOnlyMemory<byte> Data,
    ImmutableArray<KeyValuePair<string, string>> Headers)
{
    public Payload(ReadOnlyMemory<byte> data)
        : this(data, [])
    {
    }
}

/// <summary>Where a published payload ended up: its id is entry id + index.</summary>
public sealed record Receipt(EntryId Entry, Dot Dot, int Index, long Position)
{
    /// <summary>
    /// The peers that are known to hold it; asked only of publishes that wait for peers.
    /// </summary>
    public ImmutableArray<Did> Holders { get; init; } = [];
}
