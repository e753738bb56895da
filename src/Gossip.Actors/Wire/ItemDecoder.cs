using System.Collections.Immutable;
using Gossip.Actors.Protocol;

namespace Gossip.Actors.Wire;

/// <summary>
/// What a peer passes on for others: entries, signed headers, fork proofs. A bad item drops the
/// item and is noted, not the batch.
/// </summary>
internal sealed class ItemDecoder
{
    private readonly ImmutableArray<Effect.Refuse>.Builder _dropped =
        ImmutableArray.CreateBuilder<Effect.Refuse>(0);

    public ImmutableArray<Effect.Refuse> Dropped => _dropped.ToImmutable();

    public void TakeEntry(ReadOnlyMemory<byte> body, ImmutableArray<Entry>.Builder entries)
    {
        try
        {
            if (Entry(body) is { } entry)
            {
                entries.Add(entry);
            }
        }
        catch (FormatException e)
        {
            Drop(RefusalCode.HeaderMalformed, e.Message);
        }
    }

    public void TakeHeader(ReadOnlyMemory<byte> body, ImmutableArray<SignedHeader>.Builder headers)
    {
        try
        {
            headers.Add(SignedHeader(body));
        }
        catch (FormatException e)
        {
            Drop(RefusalCode.HeaderMalformed, e.Message);
        }
    }

    public void TakeProof(ReadOnlyMemory<byte> body, ImmutableArray<ForkProof>.Builder proofs)
    {
        try
        {
            proofs.Add(Proof(body));
        }
        catch (FormatException e)
        {
            Drop(RefusalCode.ProofInvalid, e.Message);
        }
    }

    public void Drop(RefusalCode code, string detail)
    {
        if (_dropped.Count == WireLimits.ItemsDroppedMax)
        {
            throw new FormatException(
                $"More than {WireLimits.ItemsDroppedMax} bad items in a frame; the last: {detail}");
        }

        _dropped.Add(new(code, detail));
    }

    private Entry? Entry(ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> header = default, signature = default, payloads = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.Entry.HeaderFieldNumber:
                    header = reader.Bytes;
                    break;
                case Proto.Entry.SignatureFieldNumber:
                    signature = reader.Bytes;
                    break;
                case Proto.Entry.PayloadsFieldNumber:
                    payloads = reader.Bytes;
                    break;
            }
        }

        var size = (long)header.Length + signature.Length + payloads.Length;
        if (size > Limits.EntryBytesMax)
        {
            Drop(
                RefusalCode.EntryTooLarge,
                $"an entry of {size} bytes; at most {Limits.EntryBytesMax}");
            return null;
        }

        return new(SignedHeader(header, signature), payloads);
    }

    private static ForkProof Proof(ReadOnlyMemory<byte> body)
    {
        var (first, second) = (default(SignedHeader), default(SignedHeader));
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.ForkProof.FirstFieldNumber:
                    first = SignedHeader(reader.Bytes);
                    break;
                case Proto.ForkProof.SecondFieldNumber:
                    second = SignedHeader(reader.Bytes);
                    break;
            }
        }

        return first is not null && second is not null
            ? new(first, second)
            : throw new FormatException("A fork proof needs two headers.");
    }

    private static SignedHeader SignedHeader(ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> header = default, signature = default;
        var reader = new WireReader(body);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Proto.SignedHeader.HeaderFieldNumber:
                    header = reader.Bytes;
                    break;
                case Proto.SignedHeader.SignatureFieldNumber:
                    signature = reader.Bytes;
                    break;
            }
        }

        return SignedHeader(header, signature);
    }

    /// <summary>
    /// The header's bytes are kept as they came: its id and signature cover just those.
    /// </summary>
    private static SignedHeader SignedHeader(
        ReadOnlyMemory<byte> header,
        ReadOnlyMemory<byte> signature)
    {
        if (signature.Length != Protocol.SignedHeader.SignatureBytes)
        {
            throw new FormatException($"a signature of {signature.Length} bytes");
        }

        if (header.Length > Limits.HeaderBytesMax)
        {
            throw new FormatException(
                $"a header of {header.Length} bytes; at most {Limits.HeaderBytesMax}");
        }

        return EntryFormat.TryDecodeHeader(header, out var decoded)
            ? new(decoded, EntryId.Of(header.Span), header, signature)
            : throw new FormatException("a header that cannot be read");
    }
}
