using System.Security.Cryptography;
using Gossip.Actors.Wire;

namespace Gossip.Actors.Protocol;

/// <summary>
/// Is this an entry at all? Format, limits and the author's signature decide, and nothing else, so
/// that all nodes decide alike. Cheap questions come first, the signature last.
/// </summary>
internal sealed class EntryRules(string network, TopicId topic, IKeys keys)
{
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

        return header.PayloadBytes != entry.PayloadList.Length
            || !HashMatches(entry)
            || !CountMatches(entry)
                ? (RefusalCode.PayloadMismatch, $"{entry.Dot}: not the payloads that were signed")
                : null;
    }

    public (RefusalCode Code, string Detail)? RefusalOf(SignedHeader signed)
    {
        var header = signed.Header;
        if (header.Network != network || signed.Topic != topic)
        {
            return (RefusalCode.EntryForeign, $"{header.Dot}: of another network or topic");
        }

        var isSound = header.Clock.Length <= Limits.ClockComponentsMax
            && header.Seq == 1 == (header.Prev == EntryId.None)
            && header.Clock.All(d => d.Log != header.Log)
            && (header.PayloadCount == 0) == header.IsEnd
            && (!header.IsPolicy || header.PayloadCount == 1)
            && (!header.IsEnd || header.Seq < Dot.SeqMax);
        return isSound ? null : (RefusalCode.HeaderMalformed, $"{header.Dot}: clock, prev or end");
    }

    public bool IsSigned(SignedHeader signed) =>
        keys.Verify(signed.Header.Log.Author, signed.Id, signed.Signature.Span);

    public bool IsProven(ForkProof proof) =>
        proof.Slot is not null
        && RefusalOf(proof.First) is null
        && RefusalOf(proof.Second) is null
        && IsSigned(proof.First)
        && IsSigned(proof.Second);

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
