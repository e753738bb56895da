namespace Gossip.Actors.Protocol;

/// <summary>
/// Where does this log end, as its author signed? Two headers that claim two ids for one slot, by
/// sitting in it or by naming it as <c>prev</c>: a fork. Or one header, named twice, that says it
/// is the last: an end. Nobody but the author can make either: ids never cover signatures, so a
/// re-spelled signature is no second entry.
/// </summary>
public sealed record ForkProof(SignedHeader First, SignedHeader Second)
{
    /// <summary>With bytes of its own: a proof is kept for ever.</summary>
    public ForkProof Detached() => new(First.Detached(), Second.Detached());

    public static ForkProof OfEnd(SignedHeader last) => new(last, last);

    /// <summary>The author ended the log in order.</summary>
    public bool IsEnd => First.Id == Second.Id && First.Header.IsEnd;

    /// <summary>Of an end that rotates the author's key.</summary>
    public Rotation? Rotation => IsEnd ? First.Header.Rotation : null;

    /// <summary>
    /// The lowest slot with two claims, or the one after the end; null when nothing is proven.
    /// </summary>
    public long? Slot
    {
        get
        {
            if (IsEnd)
            {
                return First.Header.Seq + 1;
            }

            var (low, high) = First.Header.Seq <= Second.Header.Seq
                ? (First, Second)
                : (Second, First);
            if (low.Header.Log != high.Header.Log
                || low.Header.Topic != high.Header.Topic
                || low.Header.Network != high.Header.Network)
            {
                return null;
            }

            var seq = low.Header.Seq;
            return high.Header.Seq == seq && low.Id != high.Id
                ? seq > 1 && low.Header.Prev != high.Header.Prev ? seq - 1 : seq
                : high.Header.Seq == seq + 1 && high.Header.Prev != low.Id ? seq : null;
        }
    }
}

/// <summary>
/// The slot from which a log no longer counts, with its proof. Merges by minimum.
/// </summary>
public sealed record Closure(long Slot, ForkProof Proof)
{
    public LogId Log => Proof.First.Header.Log;

    public static Closure? Merge(Closure? one, Closure? other) =>
        one is null || other?.Slot < one.Slot ? other : one;
}
