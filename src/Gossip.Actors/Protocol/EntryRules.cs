using System.Security.Cryptography;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Is this an entry at all? Format, limits and the author's signature decide, and nothing else, so
/// that all nodes decide alike. Cheap questions come first, the signature last.
/// </summary>
internal sealed class EntryRules(string network, TopicId topic, IKeys keys)
{
    private readonly long _seqMax = SystemTopic.SeqMax(topic);

    public (RefusalCode Code, string Detail)? RefusalOf(Entry entry)
    {
        var header = entry.Header;
        if (RefusalOf(entry.SignedHeader) is { } refusal)
        {
            return refusal;
        }

        if (entry.Size > Limits.EntryBytesMax
            || entry.SignedHeader.HeaderBytes.Length > Limits.HeaderBytesMax
            || header.PayloadCount > Limits.PayloadsPerEntryMax)
        {
            return (RefusalCode.EntryTooLarge, $"{entry.Dot}: {entry.Size} bytes");
        }

        var isSound = entry.IsErased
            ? IsErasable(header) && Erasure.Of(entry) is not null
            : header.PayloadBytes == entry.PayloadList.Length
                && HashMatches(entry)
                && CountMatches(entry);
        return isSound
            ? null
            : (RefusalCode.PayloadMismatch, $"{entry.Dot}: not the payloads that were signed");
    }

    public (RefusalCode Code, string Detail)? RefusalOf(SignedHeader signed)
    {
        var header = signed.Header;
        if (header.Network != network || signed.Topic != topic)
        {
            return (RefusalCode.EntryForeign, $"{header.Dot}: of another network or topic");
        }

        if (header.Seq > _seqMax)
        {
            return (RefusalCode.LogFull, $"{header.Dot}: a log here ends at {_seqMax}");
        }

        var isSound = header.Clock.Length <= Limits.ClockComponentsMax
            && header.Seq == 1 == (header.Prev == EntryId.None)
            && header.Clock.All(d => d.Log != header.Log)
            && (header.PayloadCount == 0) == header.IsEnd
            && (!header.IsPolicy || header.PayloadCount == 1 || header.Rotation is not null)
            && (!header.Erases || (header.PayloadCount == 1 && !header.IsPolicy))
            && (!header.IsEnd || header.Seq < Dot.SeqMax)
            && (header.Rotation is null || IsSound(header, header.Rotation));
        return isSound ? null : (RefusalCode.HeaderMalformed, $"{header.Dot}: clock, prev or end");
    }

    /// <summary>By its author; a rotation by both keys.</summary>
    public bool IsSigned(SignedHeader signed) =>
        keys.Verify(signed.Header.Log.Author, signed.Id, signed.Signature.Span)
        && (signed.Header.Rotation is not var (successor, signature)
            || keys.Verify(successor, Rotation.StatementOf(signed.Header), signature.Span));

    /// <summary>As above; what stands in the place of its payloads, too.</summary>
    public bool IsSigned(Entry entry) =>
        IsSigned(entry.SignedHeader) && (Erasure.Of(entry) is not { } erasure || IsSigned(erasure));

    public bool IsSigned(Erasure erasure) => keys.Verify(
        erasure.By, Erasure.StatementOf(erasure.Entry), erasure.Signature.Span);

    /// <summary>
    /// What users published; neither a policy, nor what erases others, on which more depends.
    /// </summary>
    public static bool IsErasable(Header header) =>
        header.PayloadCount > 0 && !header.IsPolicy && !header.Erases;

    public bool IsProven(ForkProof proof) =>
        proof.Slot is not null
        && RefusalOf(proof.First) is null
        && RefusalOf(proof.Second) is null
        && IsSigned(proof.First)
        && IsSigned(proof.Second);

    /// <summary>A rotation is known by its header alone: nothing else may be missing of it.
    /// </summary>
    private static bool IsSound(Header header, Rotation rotation) =>
        header.IsEnd
        && header.PayloadBytes == 0
        && header.PayloadHash == Hash.OfBytes([])
        && !rotation.Successor.Equals(header.Log.Author);

    private static bool HashMatches(Entry entry)
    {
        Span<byte> hash = stackalloc byte[Hash.Bytes];
        SHA256.HashData(entry.PayloadList.Span, hash);
        return Hash.Read(hash) == entry.Header.PayloadHash;
    }

    /// <summary>The author signed the count, and may have lied.</summary>
    private static bool CountMatches(Entry entry)
    {
        try
        {
            return PayloadCodec.Count(entry.PayloadList) == entry.Header.PayloadCount;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
